#include "work/python/interpreter.hpp"

#include <fmt/format.h>
#include <pybind11/embed.h>
#include <pybind11/stl.h>

#include <functional>

#include "base/errors.hpp"
#include "python_source.hpp"

namespace py = pybind11;

namespace two_cakes::embedded {
namespace {

// The namespace of chapter.py. Never freed: the interpreter outlives main().
PyObject* chapter = nullptr;

void initialize()
{
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);  // no PYTHONHOME, no PYTHONPATH, no files of the user's
  config.install_signal_handlers = 0;    // Ctrl-C is the harness's
  // CPython finds its standard library from the path of its program, and would look for `python3`
  // on PATH.
  PyConfig_SetBytesString(&config, &config.program_name, TWO_CAKES_PYTHON_PROGRAM);
  const PyStatus status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status) != 0)
    throw Skipped(fmt::format("CPython doesn't start: {}; is {} whole?", status.err_msg,
                              TWO_CAKES_PYTHON_PROGRAM));
}

std::string one_line(py::error_already_set& error)
{
  const std::string type = py::str(error.type().attr("__name__"));
  std::string line = type + ": " + std::string(py::str(error.value()));
  return line.substr(0, line.find('\n'));
}

// Not PyErr_Print(): that one ends the process where the exception is SystemExit.
void print_traceback(py::error_already_set& error)
{
  const auto trace = error.trace() ? error.trace() : py::object(py::none());
  py::module_::import("traceback").attr("print_exception")(error.type(), error.value(), trace);
}

void load_chapter()
{
  try {
    py::dict names;
    names["__name__"] = "chapter";
    const auto code = py::module_::import("builtins")
                          .attr("compile")(kChapterPy, "common/work/python/chapter.py", "exec");
    py::module_::import("builtins").attr("exec")(code, names);
    chapter = names.release().ptr();
  } catch (py::error_already_set& error) {
    throw Skipped(fmt::format("{} can't run the chapter's functions ({}); install a whole Python",
                              TWO_CAKES_PYTHON_PROGRAM, one_line(error)));
  }
}

py::object to_python(const PythonValue& value)
{
  return std::visit([](const auto& each) { return py::object(py::cast(each)); }, value);
}

/// The functions of chapter.py, and of a script on top. Hold the lock.
py::dict functions() { return py::reinterpret_borrow<py::dict>(chapter); }

/// Runs `body` with the lock held, and turns what Python raises into a PythonError, its traceback
/// on stderr.
void with_lock(const std::function<void()>& body)
{
  const py::gil_scoped_acquire lock;
  try {
    body();
  } catch (py::error_already_set& error) {
    const std::string line = one_line(error);
    print_traceback(error);
    throw PythonError(line);
  }
}

/// A list of (function, arguments), as chapter.py takes it. Hold the lock.
py::list python_calls(const PythonCalls& calls)
{
  py::list list;
  for (const PythonCall& call : calls) {
    py::list arguments;
    for (const PythonValue& argument : call.arguments) arguments.append(to_python(argument));
    if (!functions().contains(call.function))
      throw PythonError("there is no function " + call.function);
    list.append(py::make_tuple(functions()[call.function.c_str()], arguments));
  }
  return list;
}

PythonValue from_python(py::handle value)
{
  if (py::isinstance<py::int_>(value)) return value.cast<std::int64_t>();
  if (py::isinstance<py::float_>(value)) return value.cast<double>();
  if (py::isinstance<py::list>(value)) return value.cast<std::vector<double>>();
  return std::string(py::str(value));
}

}  // namespace

void start()
{
  if (Py_IsInitialized() == 0) {
    initialize();
    PyEval_SaveThread();  // whoever wants to run Python takes the lock for as long as it does
  }
  const py::gil_scoped_acquire lock;
  load_chapter();
}

std::string version() { return Py_GetVersion(); }

PythonValues make_calls(const char* way, const PythonCalls& calls)
{
  PythonValues values;
  with_lock([&] {
    for (const py::handle value : functions()[way](python_calls(calls)))
      values.push_back(from_python(value));
  });
  return values;
}

void run_script(const std::string& text, const std::string& path)
{
  with_lock([&] {
    const auto builtins = py::module_::import("builtins");
    builtins.attr("exec")(builtins.attr("compile")(text, path, "exec"), functions());
  });
}

}  // namespace two_cakes::embedded
