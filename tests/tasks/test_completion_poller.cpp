// Receiving ahead of the readers, with few buffers: nobody holds up another, nothing is lost, and
// whoever sends too much has to wait.
#include "tasks/completion_poller.hpp"

#include <malloc.h>

#include <cerrno>

#include "error_of.hpp"
#include "every_backend.hpp"
#include "in_child.hpp"
#include "os/pipe.hpp"
#include "tasks/io.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

constexpr LentBuffers kFew{.count = 4, .bytes = 64};

bool can_receive_ahead() { return why_no_completion("io_uring").empty(); }

std::string numbers(std::size_t bytes, int seed)
{
  std::string text;
  for (std::size_t i = 0; text.size() < bytes; ++i)
    text += std::to_string(i * 7919 + static_cast<std::size_t>(seed)) + ' ';
  text.resize(bytes);
  return text;
}

Task<> write_and_count(Stream stream, const std::string& text, std::size_t& written)
{
  for (; written < text.size(); written += 1000)
    co_await write_all(stream, std::string_view(text).substr(written, 1000));
}

Task<std::string> read_to_end(Stream& stream)
{
  std::string all;
  char buffer[100];
  while (const std::size_t count = co_await read(stream, buffer)) all.append(buffer, count);
  co_return all;
}

Task<std::string> look_to_end(Stream& stream)
{
  std::string all;
  for (;;) {
    co_await readable(stream);
    const auto bytes = try_read(stream);
    if (bytes == "") co_return all;
    all += bytes.value_or("");
  }
}

}  // namespace

TEST_CASE("a descriptor that was never added, or is none, is refused")
{
  if (!can_receive_ahead()) return;
  CompletionPoller poller(make_completion("io_uring"));
  CHECK(error_of([&] { poller.add(-1, Ready::kRead, 1); }) == EBADF);
  for (const int fd : {-1, 0, 10'000}) {
    CHECK(error_of([&] { poller.modify(fd, Ready::kRead, 1); }) == ENOENT);
    CHECK(error_of([&] { poller.remove(fd); }) == ENOENT);
  }
}

TEST_CASE("readers who wait for another stream's bytes don't keep its buffers from it")
{
  if (!can_receive_ahead()) return;
  const int code = exit_code_in_child([] {
    EventLoop loop(make_completion("io_uring", kFew));
    constexpr int kReaders = 20;  // five for each buffer
    auto [upstream_here, upstream] = make_socket_pair();
    Stream answers(loop, std::move(upstream_here));
    std::vector<UniqueFd> peers;
    bool answered = false;
    int good = 0;
    const auto reader = [&](Stream stream, std::string text) -> Task<> {
      char first[1];
      co_await read(stream, first);
      while (!answered) co_await sleep_for(100us);
      const std::string rest = co_await read_to_end(stream);
      if (first[0] + rest == text) ++good;
    };
    for (int i = 0; i < kReaders; ++i) {
      auto [here, there] = make_socket_pair();
      const std::string text = numbers(1000, i);
      write_all(there, text);
      peers.push_back(std::move(there));
      loop.spawn(reader(Stream(loop, std::move(here)), text));
    }
    const auto waits_for_answer = [&]() -> Task<> {
      char buffer[10];
      const std::size_t count = co_await read(answers, buffer);
      answered = std::string_view(buffer, count) == "answer";
    };
    loop.spawn(waits_for_answer());
    run_for_a_moment(loop);  // all buffers have been filled by now
    write_all(upstream, "answer");
    while (!answered) run_for_a_moment(loop);
    peers.clear();
    loop.run();
    return good == kReaders ? 0 : 1;
  });
  CHECK(code == 0);
}

TEST_CASE("many streams and few buffers: every byte comes, in its order")
{
  if (!can_receive_ahead()) return;
  const bool copies = GENERATE(true, false);
  const int code = exit_code_in_child([copies] {
    EventLoop loop(make_completion("io_uring", kFew));
    int good = 0;
    std::vector<std::string> texts;
    std::vector<std::size_t> written(30, 0);
    for (int i = 0; i < 30; ++i) texts.push_back(numbers(50'000, i));
    const auto reader = [&](Stream stream, std::size_t number) -> Task<> {
      if (number % 3 == 0) co_await sleep_for(1ms);
      Task<std::string> reading = copies ? read_to_end(stream) : look_to_end(stream);
      if (co_await std::move(reading) == texts[number]) ++good;
    };
    for (std::size_t i = 0; i < texts.size(); ++i) {
      auto [here, there] = make_socket_pair();
      loop.spawn(reader(Stream(loop, std::move(here)), i));
      loop.spawn(write_and_count(Stream(loop, std::move(there)), texts[i], written[i]));
    }
    loop.run();
    return good == 30 ? 0 : 1;
  });
  CHECK(code == 0);
}

TEST_CASE("a stream that isn't read while many bytes come: its sender waits, memory is bounded")
{
  if (!can_receive_ahead()) return;
  const bool few = GENERATE(true, false);
  EventLoop loop(make_completion("io_uring", few ? kFew : LentBuffers{}));
  const std::string sent = numbers(5'000'000, 0);
  auto [here, there] = make_socket_pair();
  std::size_t written = 0;
  const auto body = [&]() -> Task<> {
    Stream reading(std::move(here));
    char first[1];
    co_await read(reading, first);
    const std::size_t memory = ::mallinfo2().uordblks;
    std::size_t before = 0;
    do {  // until the sender gets no further
      before = written;
      co_await sleep_for(5ms);
    } while (written != before);
    CHECK(written < 3'000'000);
    CHECK(::mallinfo2().uordblks < memory + 2'000'000);
    const std::string rest = co_await read_to_end(reading);
    CHECK((first[0] + rest == sent));
  };
  loop.spawn(write_and_count(Stream(loop, std::move(there)), sent, written));
  loop.run_until_complete(body());
  CHECK(written == sent.size());
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they have their own malloc
TEST_CASE("a reader that never quite catches up costs no more memory as time goes by")
{
  if (!can_receive_ahead()) return;
  CompletionPoller poller(make_completion("io_uring"));
  const auto [here, there] = make_socket_pair();
  poller.add(here.get(), Ready::kRead, 1);
  poller.receive_ahead(here.get());
  std::vector<ReadyEvent> events;
  std::string got;
  const auto receive_one = [&] {
    char byte[1];
    while (poller.receive(here.get(), byte) != 1) poller.wait(events, Clock::time_point::max());
    got += byte[0];
  };
  const std::string sent = numbers(20'000, 0);
  got.reserve(sent.size());
  std::size_t at = 0;
  const auto send_one = [&] { write_all(there, std::string_view(sent).substr(at++, 1)); };
  const auto send_and_take_late = [&] {
    send_one();
    poller.wait(events, Clock::time_point::max());
    receive_one();
  };
  send_one();
  while (at < 1000) send_and_take_late();
  const std::size_t memory = ::mallinfo2().uordblks;
  while (at < sent.size()) send_and_take_late();
  CHECK(::mallinfo2().uordblks < memory + 10'000);
  receive_one();
  CHECK((got == sent));
}
#endif
