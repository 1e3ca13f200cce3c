#include "wait/completion.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include "os/pipe.hpp"
#include "signal_storm.hpp"
#include "wait/each_completion.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

/// A file of its own, gone with the object.
struct File {
  File() : fd(::mkstemp(path.data())) {}
  ~File() { ::unlink(path.c_str()); }
  std::string path = std::filesystem::temp_directory_path() / "two_cakes_completion_XXXXXX";
  UniqueFd fd;
};

std::set<int> open_now()
{
  std::set<int> open;
  for (int fd = 0; fd < 100; ++fd)
    if (::fcntl(fd, F_GETFD) != -1) open.insert(fd);
  return open;
}

}  // namespace

TEST_CASE("a backend of completion is chosen by its name, and knows it")
{
  REQUIRE(completion_names() == std::vector<std::string>{"io_uring", "iocp"});
  for (const std::string& name : completion_names()) {
    const std::string reason = why_no_completion(name);
    if (reason.empty()) {
      REQUIRE(make_completion(name)->name() == name);
    } else {
      REQUIRE(reason.rfind(name + ": ", 0) == 0);
      REQUIRE_THROWS_AS(make_completion(name), Skipped);
    }
  }
  REQUIRE_THROWS_AS(make_completion("epoll"), UsageError);
  REQUIRE_THROWS_AS(why_no_completion(""), UsageError);
}

TEST_CASE("bytes that come are received into the caller's buffer, and the tag comes back")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    const auto [here, there] = connected_pair();
    std::array<char, 16> buffer{};
    constexpr std::uint64_t kTag = 0x3edcba9876543210;  // 62 bits
    completion->receive_into(here.get(), buffer, kTag);
    REQUIRE(finished.quiet());
    write_all_blocking(there, "hello", soon());
    const CompletionEvent event = finished.one();
    REQUIRE(event.tag == kTag);
    REQUIRE(event.result == 5);
    REQUIRE(!event.more);
    REQUIRE(event.buffer == kNoBuffer);
    REQUIRE(std::string(buffer.data(), 5) == "hello");
  }
}

TEST_CASE("all bytes are sent, however small the socket's buffer, and nobody else has to wait")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    const auto [here, there] = connected_pair();
    const int small = 4096;
    ::setsockopt(here.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    std::string sent(600'000, '\0');
    for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 7 % 251);
    completion->send(here.get(), sent, 1);
    REQUIRE(finished.quiet());
    std::string received;
    std::thread reader([&, &socket = there] {
      std::array<char, 8192> buffer{};
      while (received.size() < sent.size())
        received.append(buffer.data(), read_some_blocking(socket, buffer, soon()));
    });
    const CompletionEvent event = finished.one();
    reader.join();
    REQUIRE(event.result == static_cast<int>(sent.size()));
    REQUIRE(!event.more);
    REQUIRE(received == sent);
  }
}

TEST_CASE("many operations are handed in at once, more than the rings have room for")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    const auto [here, there] = connected_pair();
    constexpr std::uint64_t kMany = 20'000;
    for (std::uint64_t tag = 0; tag < kMany; ++tag) completion->send(here.get(), "x", tag);
    std::vector<bool> seen(kMany, false);
    for (const CompletionEvent& event : finished.next(kMany)) {
      REQUIRE(event.result == 1);
      REQUIRE(!seen.at(event.tag));
      seen[event.tag] = true;
    }
    std::string received;
    std::array<char, 8192> buffer{};
    while (received.size() < kMany)
      received.append(buffer.data(), read_some_blocking(there, buffer, soon()));
    REQUIRE(received == std::string(kMany, 'x'));
  }
}

TEST_CASE("connecting: to a listener, and to nobody")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
    const Endpoint where = local_endpoint(listener);
    const UniqueFd first(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    completion->connect(first.get(), where, 1);
    REQUIRE(finished.one().result == 0);
    REQUIRE(accept_connection(listener).has_value());
    listener.reset();
    const UniqueFd second(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    completion->connect(second.get(), where, 2);
    const CompletionEvent refused = finished.one();
    REQUIRE(refused.tag == 2);
    REQUIRE(refused.result == -ECONNREFUSED);
    REQUIRE(!refused.more);
  }
}

TEST_CASE("a regular file is read, which readiness can't do: from any place, and up to its end")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    const File file;
    write_all(file.fd, "0123456789");
    std::array<char, 4> buffer{};
    completion->read_at(file.fd.get(), buffer, 3, 1);
    REQUIRE(finished.one().result == 4);
    REQUIRE(std::string(buffer.data(), 4) == "3456");
    completion->read_at(file.fd.get(), buffer, 8, 2);
    REQUIRE(finished.one().result == 2);
    REQUIRE(std::string(buffer.data(), 2) == "89");
    completion->read_at(file.fd.get(), buffer, 10, 3);
    REQUIRE(finished.one().result == 0);
  }
}

TEST_CASE("readiness can be waited for as well")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    Pipe pipe = make_pipe();
    completion->await_ready(pipe.read_end.get(), Ready::kRead, 1);
    REQUIRE(finished.quiet());
    write_all(pipe.write_end, "x");
    REQUIRE(completion->readiness(finished.one()) == Ready::kRead);
    completion->await_ready(pipe.write_end.get(), Ready::kWrite, 2);
    REQUIRE(completion->readiness(finished.one()) == Ready::kWrite);
    pipe.read_end.reset();
    completion->await_ready(pipe.write_end.get(), Ready::kWrite, 3);
    REQUIRE(completion->readiness(finished.one()) == Ready::kBoth);
    completion->await_ready(-1, Ready::kRead, 4);
    const CompletionEvent failed = finished.one();
    REQUIRE(failed.result == -EBADF);
    REQUIRE(completion->readiness(failed) == Ready::kNothing);
  }
}

TEST_CASE("what fails says why in its result, and throws nothing")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    std::array<char, 4> buffer{};
    completion->receive_into(-1, buffer, 1);
    REQUIRE(finished.one().result == -EBADF);
    completion->receive(12345, 2);
    const CompletionEvent stream = finished.one();
    REQUIRE(stream.result == -EBADF);
    REQUIRE(!stream.more);
    const Pipe pipe = make_pipe();
    completion->accept(pipe.read_end.get(), 3);
    REQUIRE(finished.one().result == -ENOTSOCK);
    auto [here, there] = connected_pair();
    reset_connection(there);
    REQUIRE(is_readable(here));
    completion->receive_into(here.get(), buffer, 4);
    REQUIRE(finished.one().result == -ECONNRESET);
    completion->send(here.get(), "x", 5);  // no SIGPIPE
    REQUIRE(finished.one().result == -EPIPE);
  }
}

TEST_CASE("what is cancelled ends, what is finished or unknown isn't disturbed")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    const auto [here, there] = connected_pair();
    std::array<char, 4> buffer{};
    completion->cancel(77);  // nobody
    REQUIRE(finished.quiet());

    completion->receive_into(here.get(), buffer, 1);
    REQUIRE(finished.quiet());
    completion->cancel(1);
    REQUIRE(finished.one().result == -ECANCELED);

    completion->receive_into(here.get(), buffer, 2);  // cancelled before it was handed in
    completion->cancel(2);
    REQUIRE(finished.one().result == -ECANCELED);

    completion->await_ready(here.get(), Ready::kRead, 3);
    completion->cancel(3);
    REQUIRE(finished.one().result == -ECANCELED);

    completion->receive_into(here.get(), buffer, 4);
    write_all_blocking(there, "x", soon());
    const CompletionEvent done = finished.one();
    REQUIRE(done.result == 1);
    completion->cancel(4);  // finished
    REQUIRE(finished.quiet());
  }
}

TEST_CASE("a deadline ends a wait for completions, not before it has come; one in the past looks")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    std::vector<CompletionEvent> events(3);
    for (const std::chrono::microseconds wait : {1us, 300us, 2'500us, 20'000us}) {
      const auto deadline = Clock::now() + wait;
      completion->wait(events, deadline);
      REQUIRE(events.empty());
      REQUIRE(Clock::now() >= deadline);
    }
    for (const auto deadline : {Clock::now(), Clock::time_point{}, Clock::time_point::min()}) {
      completion->wait(events, deadline);  // a hang is the failure
      REQUIRE(events.empty());
    }
    const Pipe pipe = make_pipe();
    completion->await_ready(pipe.write_end.get(), Ready::kWrite, 1);
    completion->wait(events, Clock::now() + 24h * 365 * 50);
    REQUIRE(events.size() == 1);
  }
}

TEST_CASE("another thread ends a wait, as often as it likes, and before it has begun")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    std::vector<CompletionEvent> events;
    completion->wake_up();
    completion->wait(events, Clock::time_point::max());  // a hang is the failure
    REQUIRE(events.empty());
    std::atomic<int> asked{0};
    std::thread other([&] {
      for (int i = 0; i < 100; ++i) {
        ++asked;
        completion->wake_up();
        std::this_thread::sleep_for(50us);
      }
    });
    while (asked < 100) completion->wait(events, Clock::time_point::max());
    other.join();
    completion->wake_up();
    completion->wake_up();
    completion->wait(events, Clock::time_point::max());
    REQUIRE(events.empty());
  }
}

TEST_CASE("a signal may end a wait for completions early, with nothing and without an error")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    const SignalStorm storm;
    std::vector<CompletionEvent> events;
    for (int i = 0; i < 20; ++i) {
      completion->wait(events, i % 2 == 0 ? soon() : Clock::time_point::max());
      REQUIRE(events.empty());
    }
  }
}

TEST_CASE("it is made on one thread and used on another: the first that waits")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    const auto [here, there] = connected_pair();
    completion->send(here.get(), "x", 1);
    int result = 0;
    std::thread user([&] { result = Finished(*completion).one().result; });
    user.join();
    REQUIRE(result == 1);
  }
}

TEST_CASE("it closes what it has, and ends what is under way, when it is destroyed")
{
  const std::set<int> before = open_now();
  for (const bool deferred : ways_to_finish()) {
    auto [here, there] = connected_pair();
    std::array<char, 4> buffer{};
    {
      const auto completion = make_uring_completion({}, deferred);
      completion->receive_into(here.get(), buffer, 1);
      REQUIRE(Finished(*completion).quiet());
      for (const int fd : open_now())
        if (!before.contains(fd)) REQUIRE((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    }
    here.reset();  // nobody holds it any more: the other side sees the end
    REQUIRE(read_some_blocking(there, buffer, soon()) == 0);
    there.reset();
    REQUIRE(open_now() == before);
  }
}
