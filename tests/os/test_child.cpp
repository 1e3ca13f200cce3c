// Children that are forked. Programs that are started (Child::exec) are in test_child_exec.cpp.
#include "os/child.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <type_traits>

#include "base/errors.hpp"
#include "catch.hpp"
#include "in_child.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

/// For a child that is to live until it is killed.
int sleep_for_ever()
{
  for (;;) ::pause();
}

bool is_gone(pid_t pid) { return ::kill(pid, 0) == -1 && errno == ESRCH; }

int touch_memory(std::size_t bytes)
{
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::memset(memory, 1, bytes);
  return 0;
}

template <class Value>
void send(const UniqueFd& fd, const Value& value)
{
  write_all(fd, {reinterpret_cast<const char*>(&value), sizeof value});
}

template <class Value>
Value receive(const UniqueFd& fd)
{
  Value value{};
  REQUIRE(read_exactly(fd, {reinterpret_cast<char*>(&value), sizeof value}));
  return value;
}

}  // namespace

TEST_CASE("a child's exit code is what its body returns")
{
  for (const int code : {0, 1, 3, 77, 255}) {
    const ExitStatus status = Child::fork([code] { return code; }).wait();
    REQUIRE(status.exit_code == code);
    REQUIRE(status.signal == 0);
    REQUIRE(status.good() == (code == 0));
    REQUIRE(status.to_string() == "exit code " + std::to_string(code));
  }
}

TEST_CASE("a signal that kills a child is named")
{
  for (const auto& [number, name] :
       {std::pair(SIGKILL, "SIGKILL"), {SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}}) {
    Pipe ready = make_pipe();
    Child child = Child::fork([&] {
      write_all(ready.write_end, "!");
      return sleep_for_ever();
    });
    char mark = 0;
    REQUIRE(read_exactly(ready.read_end, {&mark, 1}));
    child.send_signal(number);
    const ExitStatus status = child.wait();
    REQUIRE(status.signal == number);
    REQUIRE(!status.good());
    REQUIRE(status.to_string() == std::string("killed by ") + name);
  }
}

TEST_CASE("an exception that leaves a child's body is printed, and becomes exit code 1")
{
  Pipe pipe = make_pipe();
  const auto with_stderr = [&](const std::function<void()>& fail) {
    return [&pipe, fail] {
      ::dup2(pipe.write_end.get(), STDERR_FILENO);
      fail();
      return 0;
    };
  };
  SECTION("an ordinary one, with its text")
  {
    Child child = Child::fork(with_stderr([] { throw std::runtime_error("no oven"); }));
    REQUIRE(child.wait().to_string() == "exit code 1");
    pipe.write_end.reset();
    REQUIRE(read_to_end(pipe.read_end).find("no oven\n") != std::string::npos);
  }
  SECTION("one that is no std::exception")
  {
    Child child = Child::fork(with_stderr([] { throw 42; }));
    REQUIRE(child.wait().to_string() == "exit code 1");
    pipe.write_end.reset();
    REQUIRE(!read_to_end(pipe.read_end).empty());
  }
}

TEST_CASE("a child that still runs is seen without blocking")
{
  Pipe gate = make_pipe();
  Child child = Child::fork([&] {
    gate.write_end.reset();
    read_to_end(gate.read_end);
    return 5;
  });
  REQUIRE(!child.try_wait());
  gate.write_end.reset();
  std::optional<ExitStatus> status;
  while (!(status = child.try_wait())) std::this_thread::yield();
  REQUIRE(status->exit_code == 5);
}

TEST_CASE("a signal has no effect on a child that was reaped")
{
  Child child = Child::fork([] { return 0; });
  child.wait();
  REQUIRE_NOTHROW(child.send_signal(SIGKILL));
}

TEST_CASE("waiting once more never takes another child's end away")
{
  Child first = Child::fork([] { return 1; });
  first.wait();
  Child second = Child::fork([] { return 2; });
  REQUIRE_THROWS_AS(first.wait(), SyscallError);
  REQUIRE_THROWS_AS(first.try_wait(), SyscallError);
  REQUIRE(second.wait().exit_code == 2);
}

TEST_CASE("the destructor kills the child and leaves no zombie")
{
  pid_t pid = -1;
  {
    const Child child = Child::fork(sleep_for_ever);
    pid = child.pid();
    REQUIRE(!is_gone(pid));
  }
  REQUIRE(is_gone(pid));
  REQUIRE((::waitpid(pid, nullptr, WNOHANG) == -1 && errno == ECHILD));
}

TEST_CASE("the destructor reaps a child that ended long ago, or was reaped by somebody else")
{
  pid_t pid = -1;
  const std::size_t living = living_children();
  {
    const Child child = Child::fork([] { return 0; });
    pid = child.pid();
    SECTION("ended") { ::waitid(P_PID, static_cast<id_t>(pid), nullptr, WEXITED | WNOWAIT); }
    SECTION("reaped") { ::waitpid(pid, nullptr, 0); }
  }
  REQUIRE(is_gone(pid));
  REQUIRE(living_children() == living);
}

TEST_CASE("a child moves to a new owner, who alone ends it")
{
  static_assert(!std::is_copy_constructible_v<Child>);
  Child first = Child::fork(sleep_for_ever);
  const pid_t pid = first.pid();
  {
    Child second = std::move(first);
    REQUIRE(second.pid() == pid);
    REQUIRE(!is_gone(pid));
    Child third = Child::fork(sleep_for_ever);
    const pid_t replaced = third.pid();
    third = std::move(second);
    REQUIRE(is_gone(replaced));
    REQUIRE(!is_gone(pid));
  }
  REQUIRE(is_gone(pid));
}

TEST_CASE("a child leads a process group of its own")
{
  Pipe pipe = make_pipe();
  Child child = Child::fork([&] {
    send(pipe.write_end, ::getpgid(0));
    return 0;
  });
  REQUIRE(receive<pid_t>(pipe.read_end) == child.pid());
}

TEST_CASE("a child's body runs no handler of its parent's twice, and prints nothing twice")
{
  static int exits_fd = -1;  // the handler below can't capture
  Pipe pipe = make_pipe();
  const int code = exit_code_in_child([&] {
    ::dup2(pipe.write_end.get(), STDOUT_FILENO);
    exits_fd = pipe.write_end.get();
    std::atexit([] { [[maybe_unused]] const ssize_t size = ::write(exits_fd, "atexit!", 7); });
    std::printf("once ");  // still in the buffer when the child is made
    const ExitStatus status = Child::fork([] {
                                std::printf("child ");
                                return 0;
                              }).wait();
    return status.good() ? 0 : 1;
  });
  pipe.write_end.reset();
  REQUIRE(code == 0);
  REQUIRE(read_to_end(pipe.read_end) == "once child ");
}

TEST_CASE("a child dies with its parent, though that is killed by -9")
{
  Pipe lifeline = make_pipe();  // held open by the grandchild alone
  Pipe gate = make_pipe();
  Child parent = Child::fork([&] {
    const Child grandchild = Child::fork([&] {
      send(lifeline.write_end, ::getpid());
      return sleep_for_ever();
    });
    lifeline.write_end.reset();
    return sleep_for_ever();
  });
  lifeline.write_end.reset();
  REQUIRE(receive<pid_t>(lifeline.read_end) > 0);
  parent.send_signal(SIGKILL);
  parent.wait();
  REQUIRE(read_to_end(lifeline.read_end).empty());  // blocks for ever where the grandchild lives on
}

TEST_CASE("a child dies with the thread that made it")
{
  std::optional<Child> child;
  std::thread([&] {
    Pipe ready = make_pipe();
    child = Child::fork([&] {
      write_all(ready.write_end, "!");
      return sleep_for_ever();
    });
    char mark = 0;
    read_exactly(ready.read_end, {&mark, 1});
  }).join();
  REQUIRE(child->wait().signal == SIGKILL);
}

TEST_CASE("reaped children are counted, with the memory of each")
{
  const ChildTotals before = child_totals();
  Child::fork([] { return touch_memory(24 << 20); }).wait();
  Child::fork([] { return touch_memory(8 << 20); }).wait();
  {
    const Child killed = Child::fork(sleep_for_ever);
  }
  const ChildTotals after = child_totals();
  REQUIRE(after.reaped == before.reaped + 3);
  REQUIRE(after.peak_memory_bytes >= before.peak_memory_bytes + (32 << 20));
}

TEST_CASE("the living are counted, and the most that lived at once")
{
  const std::size_t others = living_children();
  reset_peak_living_children();
  REQUIRE(peak_living_children() == others);
  {
    const Child first = Child::fork(sleep_for_ever);
    Child second = Child::fork(sleep_for_ever);
    REQUIRE(living_children() == others + 2);
    second.send_signal(SIGKILL);
    second.wait();
    REQUIRE(living_children() == others + 1);
    const Child third = Child::fork(sleep_for_ever);
    REQUIRE(peak_living_children() == others + 2);
  }
  REQUIRE(living_children() == others);
  REQUIRE(peak_living_children() == others + 2);
  reset_peak_living_children();
  REQUIRE(peak_living_children() == others);
}

TEST_CASE("children that were made by other means count too")
{
  const std::size_t before = living_children();
  const ChildTotals totals = child_totals();
  reset_peak_living_children();
  count_child_born();
  count_child_born();
  REQUIRE(living_children() == before + 2);
  count_child_reaped(5'000);
  count_child_reaped(0);
  REQUIRE(living_children() == before);
  REQUIRE(peak_living_children() == before + 2);
  REQUIRE(child_totals().reaped == totals.reaped + 2);
  REQUIRE(child_totals().peak_memory_bytes == totals.peak_memory_bytes + 5'000);
}

TEST_CASE("many children at once are all reaped")
{
  std::vector<Child> children;
  for (int i = 0; i < 50; ++i) children.push_back(Child::fork([i] { return i; }));
  for (int i = 49; i >= 0; --i)
    REQUIRE(children[static_cast<std::size_t>(i)].wait().exit_code == i);
}
