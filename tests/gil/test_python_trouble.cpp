// What goes wrong in Python: it is told in one line, its traceback reaches the user, and the
// interpreter goes on.
#include "base/errors.hpp"
#include "catch.hpp"
#include "python_case.hpp"
#include "work/python/interpreter.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

/// What went wrong in `body`: the line of its PythonError, and what was on stderr.
struct Trouble {
  std::string line;
  std::string traceback;
};

template <class Body>
Trouble trouble_of(const Body& body)
{
  Trouble trouble;
  trouble.traceback = stderr_of([&] {
    try {
      body();
    } catch (const PythonError& error) {
      trouble.line = error.what();
    }
  });
  return trouble;
}

}  // namespace

TEST_CASE("a script that raises: its traceback reaches the user, and the process goes on")
{
  const Trouble trouble =
      trouble_of([] { load_script("def inner():\n    return 1 / 0\n\ninner()\n"); });
  CHECK(trouble.line == "ZeroDivisionError: division by zero");
  CHECK(trouble.traceback.find("Traceback (most recent call last)") != std::string::npos);
  CHECK(trouble.traceback.find("line 2, in inner") != std::string::npos);
  CHECK(Python::interpreter().in_threads(fibs(1, 5)) == known_fibs(1, 5));
}

TEST_CASE("a script that isn't Python is told with its place")
{
  const Trouble trouble = trouble_of([] { load_script("def fib(n)\n    return 1\n"); });
  CHECK(trouble.line.find("SyntaxError: ") == 0);
  CHECK(trouble.traceback.find("line 1") != std::string::npos);
}

TEST_CASE("a script that can't be read is bad input, in one line")
{
  CHECK_THROWS_AS(Python::interpreter().run_script("/nonexistent/script.py"), UsageError);
  CHECK_THROWS_AS(Python::interpreter().run_script("/"), UsageError);
}

TEST_CASE("a function that raises, in turn or in one of many threads, fails that call alone")
{
  load_script(
      "def picky(n):\n    if n == 3:\n        raise ValueError(f'{n} is\\ntoo much')\n    return "
      "n\n");
  PythonCalls calls;
  for (int n = 1; n <= 4; ++n) calls.push_back({"picky", {std::int64_t{n}}});
  Python& python = Python::interpreter();
  for (const bool in_threads : {false, true}) {
    const Trouble trouble = trouble_of(
        [&] { in_threads ? python.in_threads(calls) : python.one_after_the_other(calls); });
    CHECK(trouble.line == "ValueError: 3 is");  // one line of it
    CHECK(trouble.traceback.find("in picky") != std::string::npos);
  }
  CHECK(python.in_threads(fibs(1, 5)) == known_fibs(1, 5));
}

TEST_CASE("sys.exit() in a function ends that function, not the process")
{
  load_script("def leave():\n    sys.exit(3)\n");
  CHECK(trouble_of([] {
          Python::interpreter().one_after_the_other({{"leave", {}}});
        }).line == "SystemExit: 3");
  CHECK(trouble_of([] {
          Python::interpreter().in_threads({{"leave", {}}});
        }).line == "SystemExit: 3");
}

TEST_CASE("a function that isn't there is named")
{
  CHECK(trouble_of([] {
          Python::interpreter().in_threads({{"missing", {}}});
        }).line == "there is no function missing");
}

TEST_CASE("a Python without the threading module is skipped, with what it lacks")
{
  Python::interpreter();
  run_python(
      "import sys\nkept = sys.modules['threading']\nsys.modules['threading'] = None\nsys.kept = "
      "kept");
  std::string reason;
  try {
    embedded::start();  // loads the chapter's functions anew
  } catch (const Skipped& skipped) {
    reason = skipped.what();
  }
  run_python("import sys\nsys.modules['threading'] = sys.kept");
  CHECK(reason.find("threading") != std::string::npos);
  CHECK(reason.find("install a whole Python") != std::string::npos);
  CHECK(reason.find('\n') == std::string::npos);
  embedded::start();
  CHECK(Python::interpreter().in_threads(fibs(1, 5)) == known_fibs(1, 5));
}
