#include "work/slow_server_process.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/errors.hpp"
#include "catch.hpp"
#include "in_child.hpp"
#include "loopback.hpp"
#include "os/pipe.hpp"
#include "work/job.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("a new slow server answers at once, on a port of its own")
{
  const SlowServerProcess first;
  const SlowServerProcess second;
  REQUIRE(first.endpoint().port() != second.endpoint().port());
  REQUIRE(first.pid() != second.pid());
  for (const SlowServerProcess* server : {&first, &second})
    REQUIRE_NOTHROW(wait_blocking({.number = 1, .wait = 1ms}, {.endpoint = server->endpoint()}));
}

TEST_CASE("a slow server ends with its object")
{
  Endpoint endpoint;
  pid_t pid = -1;
  {
    const SlowServerProcess server;
    endpoint = server.endpoint();
    pid = server.pid();
  }
  REQUIRE(::kill(pid, 0) == -1);
  REQUIRE_THROWS_AS(connect_blocking(endpoint, soon()), SyscallError);
}

TEST_CASE("a slow server dies with its parent, though that is killed by -9")
{
  Pipe pipe = make_pipe();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that the orphan is ours to reap
  Child parent = Child::fork([&] {
    const SlowServerProcess server;
    const pid_t pid = server.pid();
    write_all(pipe.write_end, {reinterpret_cast<const char*>(&pid), sizeof pid});
    for (;;) ::pause();
    return 0;
  });
  pid_t server = -1;
  REQUIRE(read_exactly(pipe.read_end, {reinterpret_cast<char*>(&server), sizeof server}));
  parent.send_signal(SIGKILL);
  parent.wait();
  int status = 0;
  REQUIRE(::waitpid(server, &status, 0) == server);  // blocks for ever where it lives on
  REQUIRE(WIFSIGNALED(status));
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("a slow server that can't start is an error")
{
  const int code = exit_code_in_child([] {
    const rlimit few{.rlim_cur = 3, .rlim_max = 3};
    ::setrlimit(RLIMIT_NOFILE, &few);
    try {
      const SlowServerProcess server;
    } catch (const std::runtime_error&) {
      return 0;
    }
    return 1;
  });
  REQUIRE(code == 0);
}
