// Programs that are started as children.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "base/errors.hpp"
#include "catch.hpp"
#include "os/child.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;

namespace {

Child shell(const std::string& script, const std::vector<int>& inherited = {})
{
  return Child::exec({"/bin/sh", "-c", script}, inherited);
}

std::string to_fd(const UniqueFd& fd) { return std::to_string(fd.get()); }

/// A shell that greets through `lifeline`, and then stands still until it is killed.
Child shell_that_stays(const UniqueFd& lifeline)
{
  return shell("echo alive >&" + to_fd(lifeline) + "; kill -STOP $$", {lifeline.get()});
}

bool read_greeting(const UniqueFd& fd)
{
  std::string greeting(6, '?');
  return read_exactly(fd, greeting) && greeting == "alive\n";
}

}  // namespace

TEST_CASE("a program is started by path or by name, with its arguments")
{
  REQUIRE(shell("exit 7").wait().exit_code == 7);
  REQUIRE(Child::exec({"true"}).wait().good());
  REQUIRE(Child::exec({"test", "a b", "=", "a b"}).wait().good());
}

TEST_CASE("a program that can't be executed is thrown at once, by name")
{
  for (const std::string name : {"/no/such/program", "no_such_program_on_path", "/", "/dev/null"}) {
    const std::size_t living = living_children();
    try {
      Child::exec({name, "argument"});
      FAIL("it didn't throw");
    } catch (const SyscallError& error) {
      INFO(error.what());
      REQUIRE(std::string(error.what()).find("exec " + name) == 0);
      REQUIRE((error.code().value() == ENOENT || error.code().value() == EACCES));
    }
    REQUIRE(living_children() == living);
  }
}

TEST_CASE("inherited descriptors stay open under their numbers")
{
  Pipe pipe = make_pipe();
  Child child = shell("echo hello >&" + to_fd(pipe.write_end), {pipe.write_end.get()});
  pipe.write_end.reset();
  REQUIRE(read_to_end(pipe.read_end) == "hello\n");
  REQUIRE(child.wait().good());
}

TEST_CASE("all other descriptors close, also those that aren't close-on-exec")
{
  const Pipe inherited = make_pipe();
  const Pipe other = make_pipe();
  const UniqueFd left_open(
      ::open("/dev/null", O_RDONLY));  // NOLINT: without O_CLOEXEC, as a careless library would
  const auto probe = [&](const UniqueFd& fd) {
    return shell("test -e /proc/self/fd/" + to_fd(fd), {inherited.read_end.get()}).wait().exit_code;
  };
  REQUIRE(probe(inherited.read_end) == 0);
  REQUIRE(probe(inherited.write_end) == 1);
  REQUIRE(probe(other.read_end) == 1);
  REQUIRE(probe(left_open) == 1);
}

TEST_CASE("making a program inherit a descriptor leaves ours as it was")
{
  const Pipe pipe = make_pipe();
  shell("true", {pipe.read_end.get()}).wait();
  REQUIRE((::fcntl(pipe.read_end.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("the standard streams stay open")
{
  REQUIRE(
      shell("test -e /proc/self/fd/0 -a -e /proc/self/fd/1 -a -e /proc/self/fd/2").wait().good());
}

TEST_CASE("a program that runs is killed with its object")
{
  Pipe lifeline = make_pipe();
  {
    const Child child = shell_that_stays(lifeline.write_end);
    lifeline.write_end.reset();
    REQUIRE(read_greeting(lifeline.read_end));
  }
  REQUIRE(read_to_end(lifeline.read_end).empty());
}

TEST_CASE("a program's parent may be killed by -9: the program dies too")
{
  Pipe lifeline = make_pipe();
  Child parent = Child::fork([&]() -> int {
    const Child program = shell_that_stays(lifeline.write_end);
    lifeline.write_end.reset();
    for (;;) ::pause();
  });
  lifeline.write_end.reset();
  REQUIRE(read_greeting(lifeline.read_end));
  parent.send_signal(SIGKILL);
  parent.wait();
  REQUIRE(read_to_end(lifeline.read_end).empty());
}

TEST_CASE("how a program ended by a signal is told")
{
  REQUIRE(shell("kill -USR1 $$").wait().to_string() == "killed by SIGUSR1");
}
