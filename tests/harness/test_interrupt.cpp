#include "harness/interrupt.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/exit_code.hpp"
#include "catch.hpp"
#include "harness/measure.hpp"
#include "in_child.hpp"
#include "one_series.hpp"
#include "printed.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("the first Ctrl-C only asks, and says so")
{
  REQUIRE(!interrupted());
  int code = -1;
  const std::string notice = printed_on(STDERR_FILENO, [&] {
    code = exit_code_in_child([] {
      catch_interrupts();
      if (interrupted()) return 1;
      ::raise(SIGINT);
      return interrupted() ? 0 : 2;
    });
  });
  REQUIRE(code == 0);
  REQUIRE(notice.find("Ctrl-C again") != std::string::npos);
  REQUIRE(!interrupted());
}

TEST_CASE("the second Ctrl-C ends the process at once, with its exit code")
{
  int code = -1;
  printed_on(STDERR_FILENO, [&] {
    code = exit_code_in_child([] {
      catch_interrupts();
      ::raise(SIGINT);
      ::raise(SIGINT);
      return 0;
    });
  });
  REQUIRE(code == kInterrupted);
}

TEST_CASE("a call that Ctrl-C interrupts goes on")
{
  int code = -1;
  printed_on(STDERR_FILENO, [&] {
    code = exit_code_in_child([] {
      catch_interrupts();
      int ends[2];
      if (::pipe(ends) == -1) return 1;
      const pid_t parent = ::getpid();
      if (::fork() == 0) {
        ::usleep(5000);
        ::kill(parent, SIGINT);
        ::usleep(5000);
        ::_exit(::write(ends[1], "x", 1) == 1 ? 0 : 1);
      }
      char byte = 0;
      const bool read_on = ::read(ends[0], &byte, 1) == 1;
      ::wait(nullptr);
      return read_on && interrupted() ? 0 : 2;
    });
  });
  REQUIRE(code == 0);
}

TEST_CASE("after Ctrl-C a series isn't begun, and is recorded as skipped")
{
  int code = -1;
  printed_on(STDERR_FILENO, [&] {
    code = exit_code_in_child([] {
      catch_interrupts();
      ::raise(SIGINT);
      bool begun = false;
      const Run run = run_series_once(
          [&](benchmark::State& state) { run_series(state, [&] { begun = true; }); });
      return !begun && problem_of(run) == "skipped: interrupted" && failures().count == 0 ? 0 : 1;
    });
  });
  REQUIRE(code == 0);
}
