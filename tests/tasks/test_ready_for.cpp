#include "tasks/ready_for.hpp"

#include "base/errors.hpp"
#include "coroutine_case.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

Task<> wait_until_readable(int fd) { co_await ready_for(fd, Ready::kRead); }

}  // namespace

TEST_CASE("a task waits until its descriptor is ready")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  std::string order;
  const auto reader = [&]() -> Task<> {
    order += "wait ";
    co_await ready_for(pipe.read_end.get(), Ready::kRead);
    order += "read ";
    co_await ready_for(pipe.read_end.get(), Ready::kRead);  // level-triggered: at once
    order += "again";
  };
  const auto writer = [&]() -> Task<> {
    order += "write ";
    co_await ready_for(pipe.write_end.get(), Ready::kWrite);
    write_all(pipe.write_end, "x");
  };
  loop.spawn(reader());
  loop.spawn(writer());
  loop.run();
  CHECK(order == "wait write read again");
}

TEST_CASE("a descriptor that can't be waited for is an exception of the task")
{
  EventLoop loop;
  CHECK_THROWS_AS(loop.run_until_complete(wait_until_readable(-1)), SyscallError);
  CHECK_THROWS_AS(loop.run_until_complete(wait_until_readable(12345)), SyscallError);
  loop.run();  // nothing is left to wait for
}

TEST_CASE("two coroutines can't wait for the same, but one may read while another writes")
{
  EventLoop loop;
  const auto [here, there] = make_socket_pair();
  const int fd = here.get();
  auto first = loop.spawn(wait_until_readable(fd));
  run_for_a_moment(loop);
  try {
    loop.run_until_complete(wait_until_readable(fd));
    FAIL("it was let in");
  } catch (const SyscallError& error) {
    CHECK(error.code().value() == EEXIST);
  }
  const auto writes = [fd]() -> Task<> { co_await ready_for(fd, Ready::kWrite); };
  loop.run_until_complete(writes());
  CHECK(!first.done());
  write_all(there, "x");
  loop.run();
  CHECK(first.done());
}

TEST_CASE("a task that is destroyed while it waits closes its descriptor, and the loop forgets it")
{
  EventLoop loop;
  bool gone = false;
  int number = -1;
  const auto outer = [&](Pipe pipe) -> Task<> {
    const Guest guest(gone);
    number = pipe.read_end.get();
    co_await wait_until_readable(number);
  };
  auto task = loop.spawn(outer(make_pipe()));
  run_for_a_moment(loop);
  CHECK(is_open(number));
  CHECK(!gone);
  task.destroy();
  CHECK(gone);
  CHECK(!is_open(number));
  loop.run();  // nothing is left to wait for
}

TEST_CASE("a stream that is closed is an error of who waits for its descriptor")
{
  EventLoop loop;
  auto [here, there] = make_socket_pair();
  Stream stream(loop, std::move(here));
  auto task = loop.spawn(wait_until_readable(stream.fd()));
  run_for_a_moment(loop);
  CHECK(!task.done());
  const EventLoop another;  // made later, and no concern of the task
  stream.close();
  loop.run();
  REQUIRE(task.done());
  CHECK_THROWS_AS(task.result(), SyscallError);
}

TEST_CASE("a task may destroy another one that waits")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  bool gone = false;
  const auto victim = [&]() -> Task<> {
    const Guest guest(gone);
    co_await ready_for(pipe.read_end.get(), Ready::kRead);
  };
  auto first = loop.spawn(victim());
  const auto killer = [&]() -> Task<> {
    co_await sleep_for(1ms);
    first.destroy();
  };
  loop.run_until_complete(killer());
  CHECK(gone);
}

TEST_CASE("two that are ready in one turn: the first may destroy the second")
{
  EventLoop loop;
  const auto [here, there] = make_socket_pair();
  int resumed = 0;
  std::vector<Spawned<>> tasks;
  const auto wait = [&](int fd, std::size_t other) -> Task<> {
    co_await ready_for(fd, Ready::kWrite);
    ++resumed;
    tasks[other].destroy();
  };
  tasks.push_back(loop.spawn(wait(here.get(), 1)));
  tasks.push_back(loop.spawn(wait(there.get(), 0)));
  loop.run();
  CHECK(resumed == 1);
  tasks.erase(tasks.begin(), tasks.end());
}

TEST_CASE("a cancelled wait leaves the descriptor as it was")
{
  EventLoop loop;
  const Pipe pipe = make_pipe();
  auto task = loop.spawn(wait_until_readable(pipe.read_end.get()));
  run_for_a_moment(loop);
  task.cancel();
  loop.run();
  CHECK(task.done());
  CHECK_THROWS_AS(task.result(), Cancelled);
  write_all(pipe.write_end, "x");
  loop.run_until_complete(wait_until_readable(pipe.read_end.get()));
}
