// Python in child processes: interpreters of their own, made with CPython's hooks around the fork.
#include <unistd.h>

#include "catch.hpp"
#include "os/child.hpp"
#include "python_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

/// What in_children() threw.
std::string problem_of(const PythonCalls& calls)
{
  try {
    Python::interpreter().in_children(calls);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE("the hooks around the fork are called, each on its own side")
{
  load_script(
      "import os\n"
      "hooks = []\n"
      "os.register_at_fork(before=lambda: hooks.append('before'),\n"
      "                    after_in_parent=lambda: hooks.append('parent'),\n"
      "                    after_in_child=lambda: hooks.append('child'))\n"
      "def hooks_seen():\n"
      "    return ' '.join(hooks)\n");
  Python& python = Python::interpreter();
  CHECK(python.in_children({{"hooks_seen", {}}}).front() ==
        PythonValue(std::string("before child")));
  CHECK(python.one_after_the_other({{"hooks_seen", {}}}).front() ==
        PythonValue(std::string("before parent")));
}

TEST_CASE("a child knows that it is one: its own process, and its main thread the only one")
{
  load_script(
      "import os\n"
      "def who():\n"
      "    main = threading.current_thread() is threading.main_thread()\n"
      "    return f'{os.getpid()} {threading.active_count()} {main}'\n");
  const auto values = Python::interpreter().in_children({{"who", {}}, {"who", {}}});
  const auto first = std::get<std::string>(values.at(0));
  CHECK(first != std::get<std::string>(values.at(1)));
  CHECK(first.find(std::to_string(::getpid()) + " ") != 0);
  CHECK(first.substr(first.find(' ')) == " 1 True");
}

TEST_CASE("nothing is shared: what a child changes stays with it")
{
  load_script("kept = 1\ndef change():\n    global kept\n    kept += 1\n    return kept\n");
  Python& python = Python::interpreter();
  CHECK(python.in_children({{"change", {}}, {"change", {}}}) == PythonValues(2, std::int64_t{2}));
  CHECK(python.one_after_the_other({{"change", {}}}).front() == PythonValue(std::int64_t{2}));
}

TEST_CASE("a child may start threads of its own")
{
  load_script(
      "def fib_in_two_threads(n):\n    return sum(in_threads([(fib, (n,)), (fib, (n,))]))\n");
  const auto values =
      Python::interpreter().in_children({{"fib_in_two_threads", {std::int64_t{10}}}});
  CHECK(values.front() == PythonValue(static_cast<std::int64_t>(2 * known_fib(10))));
}

TEST_CASE(
    "a child that dies in Python code is named, with how it ended; the parent goes on, and nobody "
    "is left")
{
  load_script(
      "import os\ndef leave():\n    os._exit(3)\ndef crash():\n    os.kill(os.getpid(), 9)\n");
  CHECK(problem_of({{"fib", {std::int64_t{10}}}, {"leave", {}}}) ==
        "leave: its process was lost: exit code 3");
  CHECK(problem_of({{"crash", {}}, {"fib", {std::int64_t{10}}}}) ==
        "crash: its process was lost: killed by SIGKILL");
  CHECK(living_children() == 0);
  CHECK(Python::interpreter().in_children(fibs(10, 11)) == known_fibs(10, 11));
}

TEST_CASE("what raises in a child is told at home")
{
  std::string problem;
  const std::string traceback = stderr_of([&] {
    problem = problem_of({{"fib", {std::string("many")}}});
  });
  CHECK(problem.find("TypeError: ") == 0);
  CHECK(traceback.find("Traceback") != std::string::npos);
  CHECK(living_children() == 0);
}
