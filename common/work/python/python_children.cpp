// Python in child processes: an interpreter each, so a lock each. What multiprocessing does with
// its "fork" method.
#include <Python.h>
#include <fmt/format.h>

#include "base/errors.hpp"
#include "os/child.hpp"
#include "os/pipe.hpp"
#include "work/python/interpreter.hpp"
#include "work/python/python.hpp"

namespace two_cakes {
namespace {

struct Running {
  Child child;
  UniqueFd answer;
};

/// What the child sends home: the value, or `!` and why there is none.
std::string answer_to(const PythonCall& call)
{
  try {
    return text_of(embedded::make_calls("one_after_the_other", {call}).at(0));
  } catch (const std::exception& error) {
    return std::string("!") + error.what();
  }
}

/// Python's lock, for as long as it lives.
struct Locked {
  PyGILState_STATE before = PyGILState_Ensure();
  Locked() = default;
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { PyGILState_Release(before); }
};

/// Forks with the lock held and the hooks called, as os.fork() does: the child begins as the one
/// thread that has the lock.
Child fork_interpreter(const std::function<int()>& body)
{
  const Locked lock;
  PyOS_BeforeFork();
  try {
    Child child = Child::fork([&body] {
      PyOS_AfterFork_Child();
      return body();
    });
    PyOS_AfterFork_Parent();
    return child;
  } catch (...) {
    PyOS_AfterFork_Parent();
    throw;
  }
}

Running start(const PythonCall& call)
{
  Pipe pipe = make_pipe();
  Child child = fork_interpreter([&] {
    send_message(pipe.write_end, answer_to(call));
    return 0;
  });
  return {std::move(child), std::move(pipe.read_end)};
}

PythonValue collect(Running& running, const PythonCall& call)
{
  const std::string bytes = read_to_end(running.answer);
  const ExitStatus status = running.child.wait();
  if (bytes.size() < 10)
    throw std::runtime_error(
        fmt::format("{}: its process was lost: {}", call.function, status.to_string()));
  return values_of_answer(bytes.substr(10)).at(0);
}

}  // namespace

PythonValues Python::in_children(const PythonCalls& calls)
{
  std::vector<Running> running;
  for (const PythonCall& call : calls) running.push_back(start(call));
  PythonValues values;
  for (std::size_t i = 0; i < calls.size(); ++i) values.push_back(collect(running[i], calls[i]));
  return values;
}

}  // namespace two_cakes
