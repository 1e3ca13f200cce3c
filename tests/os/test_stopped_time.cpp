#include "os/stopped_time.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "os/child.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

namespace {

struct Times {
  Clock::duration all, running;
};

/// In a child that `stop` stops `count` times for 20 ms: how long it took by either clock.
Times stopped_in_a_child(int count, int stop)
{
  Pipe told = make_pipe();
  Child child = Child::fork([&] {
    leave_out_stopped_time();
    const auto begin = Clock::now();
    const auto began_running = running_time();
    for (int i = 0; i < count; ++i) ::raise(stop);
    const Times times{Clock::now() - begin, running_time() - began_running};
    return ::write(told.write_end.get(), &times, sizeof times) == sizeof times ? 0 : 1;
  });
  for (int i = 0; i < count; ++i) {
    int status = 0;
    REQUIRE(::waitpid(child.pid(), &status, WUNTRACED) == child.pid());
    REQUIRE(WIFSTOPPED(status));
    std::this_thread::sleep_for(20ms);
    ::kill(child.pid(), SIGCONT);
  }
  REQUIRE(child.wait().good());
  Times times{};
  REQUIRE(::read(told.read_end.get(), &times, sizeof times) == sizeof times);
  return times;
}

}  // namespace

TEST_CASE("the time that a process is stopped for is left out")
{
  const int count = GENERATE(1, 3);
  const Times times = stopped_in_a_child(count, SIGTSTP);
  REQUIRE(times.all - times.running >= count * 20ms);
  REQUIRE(times.running >= 0ms);
}

TEST_CASE("a stop that can't be seen counts")
{
  const Times times = stopped_in_a_child(1, SIGSTOP);
  REQUIRE(times.running >= 20ms);
}

TEST_CASE("the clock goes on while the process runs, and never back")
{
  const auto first = running_time();
  auto last = first;
  const auto end = Clock::now() + 5ms;
  while (Clock::now() < end) {
    const auto now = running_time();
    REQUIRE(now >= last);
    last = now;
  }
  REQUIRE(last > first);
}
