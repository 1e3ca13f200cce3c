// The interpreter runs the chapter's functions: the answers, in each of the three ways.
#include "catch.hpp"
#include "python_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("it runs Python: bytecode of the chapter's fib comes to the known answers")
{
  Python& python = Python::interpreter();
  CHECK(python.one_after_the_other(fibs(1, 20)) == known_fibs(1, 20));
  CHECK(python.in_threads(fibs(1, 20)) == known_fibs(1, 20));
  CHECK(python.in_children(fibs(1, 8)) == known_fibs(1, 8));
}

TEST_CASE("what runs is bytecode: each call of fib is one that the interpreter makes")
{
  load_script(
      "def calls_of_fib(n):\n"
      "    calls = 0\n"
      "    def count(frame, event, argument):\n"
      "        nonlocal calls\n"
      "        calls += event == 'call' and frame.f_code is fib.__code__\n"
      "    sys.setprofile(count)\n"
      "    fib(n)\n"
      "    sys.setprofile(None)\n"
      "    return calls\n");
  const auto calls =
      Python::interpreter().one_after_the_other({{"calls_of_fib", {std::int64_t{12}}}});
  CHECK(calls.front() == PythonValue(static_cast<std::int64_t>(2 * known_fib(13) - 1)));
}

TEST_CASE("every kind of value goes in and comes out")
{
  load_script("def same(value):\n    return value\n");
  const PythonValues values{std::int64_t{-1}, 0.1, std::string("words"),
                            std::vector<double>{0.5, 2}};
  PythonCalls calls;
  for (const PythonValue& value : values) calls.push_back({"same", {value}});
  CHECK(Python::interpreter().one_after_the_other(calls) == values);
  CHECK(Python::interpreter().in_children(calls) == values);
}

TEST_CASE("no calls, no answers")
{
  CHECK(Python::interpreter().one_after_the_other({}).empty());
  CHECK(Python::interpreter().in_threads({}).empty());
  CHECK(Python::interpreter().in_children({}).empty());
}

TEST_CASE("its version is the one of the library that is loaded")
{
  CHECK(Python::interpreter().version() ==
        run_python("import sys\nresult = sys.version.split()[0]"));
}

TEST_CASE(
    "its standard library is that of the Python that the build found, and its environment nobody's")
{
  // tests/gil/test_programs.py runs this executable with another python3 first on PATH, PYTHONHOME
  // and PYTHONPATH set.
  CHECK(run_python("import threading\nresult = threading.__file__").find("/usr/lib/python3") == 0);
  CHECK(run_python("import sys\nresult = sys.flags.isolated") == "1");
}

TEST_CASE("the switch interval is what was set, and the former one comes back")
{
  using std::chrono::microseconds;
  Python& python = Python::interpreter();
  const microseconds former = python.set_switch_interval(microseconds(700));
  CHECK(run_python("import sys\nresult = round(sys.getswitchinterval() * 1e6)") == "700");
  CHECK(python.set_switch_interval(former) == microseconds(700));
  CHECK(former == microseconds(5'000));  // CPython's own
}
