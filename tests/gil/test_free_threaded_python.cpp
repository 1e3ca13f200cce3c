// A free-threaded Python is another program, found or not. The one here is a stand-in: it has the
// lock, and says that it hasn't.
#include "work/python/free_threaded_python.hpp"

#include <cstdlib>

#include "base/errors.hpp"
#include "catch.hpp"
#include "os/child.hpp"
#include "work/fibonacci.hpp"

using namespace two_cakes;

namespace {

/// FREE_THREADED_PYTHON, for as long as an object lives.
class Wanted {
 public:
  explicit Wanted(const char* program) { ::setenv("FREE_THREADED_PYTHON", program, 1); }
  ~Wanted() { ::unsetenv("FREE_THREADED_PYTHON"); }
};

std::string reason_for_skipping(const char* program)
{
  const Wanted wanted(program);
  try {
    const FreeThreadedPython python(std::chrono::seconds(2));
  } catch (const Skipped& skipped) {
    return skipped.what();
  }
  return "it was not skipped";
}

PythonCalls fibs(int from, int to)
{
  PythonCalls calls;
  for (int n = from; n <= to; ++n) calls.push_back({"fib", {std::int64_t{n}}});
  return calls;
}

constexpr char kStandIn[] = "tests/gil/stand_in_python.py";

}  // namespace

TEST_CASE("a Python that isn't there, isn't one, or has the lock is skipped, with its name")
{
  CHECK(reason_for_skipping("/nonexistent/python3.13t").find("(/nonexistent/python3.13t)") !=
        std::string::npos);
  CHECK(reason_for_skipping("/bin/true").find("/bin/true doesn't run") == 0);
  CHECK(reason_for_skipping("/usr/bin/python3").find("/usr/bin/python3 has the lock") == 0);
  CHECK(reason_for_skipping("tests/gil/silent_python.py")
            .find("tests/gil/silent_python.py doesn't run") == 0);
  CHECK(living_children() == 0);
}

TEST_CASE("it answers as the interpreter inside does: in turn, and in threads")
{
  const Wanted wanted(kStandIn);
  FreeThreadedPython python;
  CHECK(python.version().find('.') != std::string::npos);
  for (const PythonValues& values :
       {python.one_after_the_other(fibs(1, 12)), python.in_threads(fibs(1, 12))}) {
    REQUIRE(values.size() == 12);
    for (int n = 1; n <= 12; ++n)
      CHECK(values[n - 1] == PythonValue(static_cast<std::int64_t>(known_fib(n))));
  }
}

TEST_CASE("a str comes back as it was, whatever is in it")
{
  const Wanted wanted(kStandIn);
  FreeThreadedPython python;
  const PythonValue text = std::string("a\tb\\n\n\\\\t \xc3\xa9");
  CHECK(python.one_after_the_other({{"str", {text}}}).at(0) == text);
}

TEST_CASE("its costs are told, for they are those of another process")
{
  const Wanted wanted(kStandIn);
  FreeThreadedPython python;
  const ProgramCosts before = python.costs();
  python.one_after_the_other(fibs(20, 20));
  CHECK(before.cpu_s > 0);
  CHECK(python.costs().cpu_s > before.cpu_s);
  CHECK(before.peak_memory_bytes > 1e6);
}

TEST_CASE("what raises there is a PythonError here, and it goes on")
{
  const Wanted wanted(kStandIn);
  FreeThreadedPython python;
  CHECK_THROWS_AS(python.in_threads({{"fib", {std::string("many")}}}), PythonError);
  CHECK(python.one_after_the_other(fibs(5, 5)).at(0) == PythonValue(std::int64_t{3}));
}

TEST_CASE("one that dies is an error, and no hang")
{
  const Wanted wanted(kStandIn);
  FreeThreadedPython python;
  CHECK_THROWS_AS(python.one_after_the_other({{"die", {}}}), std::exception);
  CHECK_THROWS_AS(python.one_after_the_other(fibs(5, 5)), std::exception);
}
