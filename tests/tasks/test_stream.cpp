// What a stream's descriptor means to the loop: while nobody waits for it, and once it is closed.
#include "tasks/stream.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

#include "base/errors.hpp"
#include "connections.hpp"
#include "every_backend.hpp"
#include "os/pipe.hpp"
#include "os/socket.hpp"
#include "tasks/io.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

/// Counts the waits of another poller.
class CountingPoller final : public Poller {
 public:
  CountingPoller(std::unique_ptr<Poller> poller, int& waits)
      : poller_(std::move(poller)),
        waits_(waits)
  {
  }
  [[nodiscard]] std::string_view name() const override { return poller_->name(); }
  [[nodiscard]] bool edge_triggered() const override { return poller_->edge_triggered(); }
  void add(int fd, Ready interest, std::uint64_t tag) override { poller_->add(fd, interest, tag); }
  void modify(int fd, Ready interest, std::uint64_t tag) override
  {
    poller_->modify(fd, interest, tag);
  }
  void remove(int fd) override { poller_->remove(fd); }
  void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) override
  {
    ++waits_;
    poller_->wait(events, deadline);
  }

 private:
  std::unique_ptr<Poller> poller_;
  int& waits_;
};

std::string some_poller()
{
  std::vector<std::string> here;
  for (const std::string& name : poller_names())
    if (why_no_poller(name).empty()) here.push_back(name);
  return GENERATE_COPY(from_range(here));
}

}  // namespace

TEST_CASE("what comes while nobody reads wakes the loop once, and is there when somebody does")
{
  const auto backend = some_poller();
  INFO(backend);
  int waits = 0;
  EventLoop loop(std::make_unique<CountingPoller>(make_poller(backend), waits));
  Connection connection(loop);
  const auto body = [&]() -> Task<> {
    char buffer[10];
    write_all(connection.peer, "1");
    co_await read(connection.stream, buffer);
    write_all(connection.peer, "23");
    waits = 0;
    co_await sleep_for(20ms);
    CHECK(waits < 10);  // and not as often as they fit into 20 ms
    const std::size_t count = co_await read(connection.stream, buffer);
    CHECK(count == 2);
  };
  loop.run_until_complete(body());
}

TEST_CASE("a peer that breaks off while nobody reads wakes the loop once")
{
  const auto backend = some_poller();
  INFO(backend);
  int waits = 0;
  EventLoop loop(std::make_unique<CountingPoller>(make_poller(backend), waits));
  Connection connection(loop);
  const bool reset = GENERATE(false, true);
  const auto body = [&]() -> Task<int> {
    char buffer[10];
    write_all(connection.peer, "1");
    co_await read(connection.stream, buffer);
    if (reset) reset_at_close(connection.peer.get());
    else ::shutdown(connection.stream.fd(), SHUT_WR);
    connection.peer.reset();
    waits = 0;
    co_await sleep_for(20ms);
    CHECK(waits < 10);
    co_return co_await error_of_reading(connection.stream);
  };
  CHECK(loop.run_until_complete(body()) == (reset ? ECONNRESET : 0));
}

TEST_CASE("a stream may be destroyed while others wait for it")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  auto connection = std::make_unique<Connection>(loop);
  auto listener = std::make_unique<Stream>(loop, listen_on(Endpoint::loopback_v4(0)));
  const auto accepts = [&]() -> Task<int> {
    try {
      co_await accept(*listener);
    } catch (const SyscallError& error) {
      co_return error.code().value();
    }
    co_return 0;
  };
  auto reads = loop.spawn(error_of_reading(connection->stream));
  auto writes = loop.spawn(error_of_writing(connection->stream));
  auto waits = loop.spawn(accepts());
  run_for_a_moment(loop);
  connection.reset();
  listener.reset();
  loop.run();
  REQUIRE((reads.done() && writes.done() && waits.done()));
  CHECK(reads.result() == EBADF);
  CHECK(writes.result() == EBADF);
  CHECK(waits.result() == EBADF);
}

TEST_CASE("a stream that is closed while somebody waits for it is an error of the waiter")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Connection connection(loop);
  const bool writes = GENERATE(false, true);
  auto task = loop.spawn(writes ? error_of_writing(connection.stream)
                                : error_of_reading(connection.stream));
  run_for_a_moment(loop);
  CHECK(!task.done());
  connection.stream.close();
  loop.run();
  REQUIRE(task.done());
  CHECK(task.result() == EBADF);
}

TEST_CASE("the number of a closed stream comes again, and nothing of the old one with it")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  const auto body = [&]() -> Task<> {
    for (int i = 0; i < 200; ++i) {
      auto [here, there] = make_socket_pair();
      Stream stream(std::move(here));
      write_all(there, "old bytes that nobody reads");
      char buffer[2];
      co_await read(stream, buffer);
      const std::string text(buffer, 2);
      REQUIRE(text == "ol");
    }
  };
  loop.run_until_complete(body());
}

TEST_CASE("an event of a stream that is closed in the same turn doesn't reach who got its number")
{
  const auto backend = every_backend();
  INFO(backend);
  EventLoop loop = EventLoop::over(backend);
  Connection first(loop), closed(loop), later(loop);
  const int number = closed.stream.fd();
  Stream heir;
  const auto wait_for_heir = [&]() -> Task<> { co_await readable(heir); };
  const auto hand_over = [&]() -> Task<> {
    co_await readable(first.stream);
    closed.stream.close();
    heir = Stream(loop, UniqueFd(::fcntl(later.stream.fd(), F_DUPFD_CLOEXEC, number)));
    REQUIRE(heir.fd() == number);
  };
  const auto wait_for_closed = [&]() -> Task<int> {
    co_return co_await error_of_reading(closed.stream);
  };
  auto handing_over = loop.spawn(hand_over());
  auto waits = loop.spawn(wait_for_closed());
  run_for_a_moment(loop);
  write_all(first.peer, "x");
  write_all(closed.peer, "not for the heir");
  run_for_a_turn(loop);
  run_for_a_moment(loop);
  REQUIRE((handing_over.done() && waits.done()));
  auto inherits = loop.spawn(wait_for_heir());
  run_for_a_moment(loop);
  CHECK(!inherits.done());
  write_all(later.peer, "x");
  loop.run();
  CHECK(inherits.done());
}
