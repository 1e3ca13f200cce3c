// accept() and receive(): operations that go on.
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <set>

#include "in_child.hpp"
#include "os/limits.hpp"
#include "wait/each_completion.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

TEST_CASE("one accept() brings every client")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
    completion->accept(listener.get(), 5);
    std::vector<UniqueFd> ends;
    for (int i = 0; i < 50; ++i) {
      ends.push_back(connect_blocking(local_endpoint(listener), soon()));
      const CompletionEvent event = finished.one();
      REQUIRE(event.tag == 5);
      REQUIRE(event.more);
      UniqueFd accepted(event.result);
      write_all_blocking(accepted, "?", soon());
      std::array<char, 1> answer{};
      REQUIRE(read_some_blocking(ends.back(), answer, soon()) == 1);
      ends.push_back(std::move(accepted));
    }
    completion->cancel(5);
    const CompletionEvent last = finished.one();
    REQUIRE(last.result == -ECANCELED);
    REQUIRE(!last.more);
  }
}

TEST_CASE("one receive() brings all bytes in order, then the end of the stream")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({.count = 8, .bytes = 64}, deferred);
    Finished finished(*completion);
    auto [here, there] = connected_pair();
    completion->receive(here.get(), 9);
    std::string sent;
    std::string received;
    for (int i = 0; i < 300; ++i) {
      const std::string part(static_cast<std::size_t>(1 + i % 200),
                             static_cast<char>('a' + i % 26));
      write_all_blocking(there, part, soon());
      sent += part;
      while (received.size() < sent.size()) {
        const CompletionEvent event = finished.one();
        REQUIRE(event.tag == 9);
        REQUIRE(event.more);
        received += take_text(*completion, event);
      }
    }
    REQUIRE(received == sent);
    there.reset();
    const CompletionEvent end = finished.one();
    REQUIRE(end.result == 0);
    REQUIRE(!end.more);
    REQUIRE(end.buffer == kNoBuffer);
    REQUIRE(finished.quiet());
  }
}

TEST_CASE("where all buffers are lent nothing is lost: it goes on when one is given back")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({.count = 4, .bytes = 16}, deferred);
    Finished finished(*completion);
    auto [here, there] = connected_pair();
    completion->receive(here.get(), 1);
    std::string sent;
    for (int i = 0; i < 10; ++i) sent += std::string(16, static_cast<char>('0' + i));
    write_all_blocking(there, sent, soon());

    const auto held = finished.next(4);
    REQUIRE(finished.quiet());  // -ENOBUFS is nobody's business outside
    std::string received;
    for (const CompletionEvent& event : held) {
      REQUIRE(event.more);
      REQUIRE(event.result == 16);
      received += take_text(*completion, event);
    }
    while (received.size() < sent.size()) received += take_text(*completion, finished.one());
    REQUIRE(received == sent);
    there.reset();
    REQUIRE(!finished.one().more);
  }
}

TEST_CASE("many streams share few buffers, and each gets its bytes in order")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({.count = 4, .bytes = 32}, deferred);
    Finished finished(*completion);
    constexpr std::uint64_t kStreams = 100;
    std::vector<std::pair<UniqueFd, UniqueFd>> pairs;
    std::string sent;
    for (int i = 0; i < 500; ++i) sent += static_cast<char>('a' + i % 26);
    for (std::uint64_t tag = 0; tag < kStreams; ++tag) {
      pairs.push_back(connected_pair());
      completion->receive(pairs.back().first.get(), tag);
      write_all_blocking(pairs.back().second, sent, soon());
      pairs.back().second.reset();
    }
    std::map<std::uint64_t, std::string> received;
    std::size_t ended = 0;
    while (ended < kStreams) {
      const CompletionEvent event = finished.one();
      if (event.more) {
        received[event.tag] += take_text(*completion, event);
      } else {
        REQUIRE(event.result == 0);
        ++ended;
      }
    }
    for (std::uint64_t tag = 0; tag < kStreams; ++tag) REQUIRE(received[tag] == sent);
    REQUIRE(finished.quiet());
  }
}

TEST_CASE("a stream is cancelled: while it waits, while buffers are short, and after its end")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({.count = 1, .bytes = 4}, deferred);
    Finished finished(*completion);
    auto [here, there] = connected_pair();
    const auto last_of = [&](std::uint64_t tag) {
      CompletionEvent event{};
      do {
        event = finished.one();
        REQUIRE(event.tag == tag);
        if (event.buffer != kNoBuffer) completion->give_back(event.buffer);
      } while (event.more);
      return event.result;
    };
    completion->receive(here.get(), 1);
    REQUIRE(finished.quiet());
    completion->cancel(1);
    REQUIRE(last_of(1) == -ECANCELED);

    write_all_blocking(there, "12345678", soon());
    completion->receive(here.get(), 2);
    const CompletionEvent held = finished.one();
    REQUIRE(finished.quiet());  // the second half finds no buffer
    completion->cancel(2);
    REQUIRE(last_of(2) == -ECANCELED);
    REQUIRE(take_text(*completion, held) == "1234");

    completion->receive(here.get(), 3);  // what came in between is still there
    REQUIRE(take_text(*completion, finished.one()) == "5678");
    there.reset();
    REQUIRE(last_of(3) == 0);
    completion->cancel(3);
    REQUIRE(finished.quiet());
  }
}

TEST_CASE("a reset ends a stream with its error")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    auto [here, there] = connected_pair();
    completion->receive(here.get(), 1);
    REQUIRE(finished.quiet());
    reset_connection(there);
    const CompletionEvent event = finished.one();
    REQUIRE(event.result == -ECONNRESET);
    REQUIRE(!event.more);
  }
}

TEST_CASE("a descriptor that is closed while it is received from goes on until it is cancelled")
{
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    auto [here, there] = connected_pair();
    completion->receive(here.get(), 1);
    REQUIRE(finished.quiet());
    here.reset();
    write_all_blocking(there, "still", soon());
    REQUIRE(take_text(*completion, finished.one()) == "still");
    completion->cancel(1);
    REQUIRE(finished.one().result == -ECANCELED);
  }
}

TEST_CASE("without a descriptor for the next client accept() ends, and can be begun again")
{
  if (ways_to_finish().empty()) return;
  const int code = exit_code_in_child([] {
    const auto completion = make_uring_completion();
    Finished finished(*completion);
    const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
    const UniqueFd client = connect_blocking(local_endpoint(listener), soon());
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const rlim_t before = std::exchange(limit.rlim_cur, static_cast<rlim_t>(client.get()) + 1);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    completion->accept(listener.get(), 1);
    const CompletionEvent failed = finished.one();
    if (failed.result != -EMFILE || failed.more) return 1;
    limit.rlim_cur = before;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    completion->accept(listener.get(), 1);
    const CompletionEvent accepted = finished.one();
    return accepted.result >= 0 && accepted.more ? 0 : 2;
  });
  REQUIRE(code == 0);
}

TEST_CASE("a thousand streams opened and closed leave no descriptor behind")
{
  raise_open_files_limit();
  for (const bool deferred : ways_to_finish()) {
    const auto completion = make_uring_completion({}, deferred);
    Finished finished(*completion);
    const int lowest = ::dup(STDIN_FILENO);
    ::close(lowest);
    for (int i = 0; i < 1000; ++i) {
      auto [here, there] = connected_pair();
      completion->receive(here.get(), 1);
      write_all_blocking(there, "x", soon());
      REQUIRE(take_text(*completion, finished.one()) == "x");
      there.reset();
      REQUIRE(finished.one().result == 0);
    }
    const int now = ::dup(STDIN_FILENO);
    ::close(now);
    REQUIRE(now == lowest);
  }
}
