// Makes descriptors ready and unready, and tells what the poller says of them. Both ends of every
// connection are in this process, so what is ready is known before a wait begins.
#include "probe.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "poller.hpp"

namespace {

using Clock = Poller::Clock;

/// A stream with two ends that don't block; what is written to `there` can be read from `here`.
struct Stream {
  Stream()
  {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, &here) == -1) std::abort();
  }
  Stream(const Stream&) = delete;
  ~Stream()
  {
    close_here();
    close_there();
  }

  void send(const std::string& bytes) const
  {
    [[maybe_unused]] auto n = ::write(there, bytes.data(), bytes.size());
  }
  /// Reads at most `most` bytes, or what there is.
  void take(std::size_t most = 1 << 20) const
  {
    std::string to(most, ' ');
    while (::read(here, to.data(), to.size()) == -1 && errno == EINTR) {
    }
  }
  /// Fills the way from `here` to `there`, so that nothing more can be written.
  void fill() const
  {
    while (::write(here, kPage.data(), kPage.size()) > 0) {
    }
  }
  void empty() const
  {
    std::string to(1 << 16, ' ');
    while (::read(there, to.data(), to.size()) > 0) {
    }
  }
  void close_here()
  {
    if (here >= 0) ::close(std::exchange(here, -1));
  }
  void close_there()
  {
    if (there >= 0) ::close(std::exchange(there, -1));
  }

  inline static const std::string kPage = std::string(4096, '.');
  int here = -1;
  int there = -1;  // just behind `here`, as socketpair fills both
};

std::string words(Ready ready)
{
  std::string text;
  for (const auto& [bit, word] : {std::pair{Ready::kRead, "read"},
                                  {Ready::kWrite, "write"},
                                  {Ready::kHangUp, "hang-up"},
                                  {Ready::kError, "error"}})
    if ((ready & bit) != Ready::kNothing) text += (text.empty() ? "" : "+") + std::string{word};
  return text.empty() ? "nothing" : text;
}

/// One wait that only looks: "12 read, 15 write", by tag, or "nothing".
std::string look(Poller& poller)
{
  std::multimap<std::uint64_t, std::string> seen;
  const auto count = poller.wait(
      Clock::now(), [&](const Event& event) { seen.emplace(event.tag, words(event.ready)); });
  std::string text;
  for (const auto& [tag, ready] : seen)
    text += (text.empty() ? "" : ", ") + std::to_string(tag) + " " + ready;
  if (count != seen.size()) text += " (and wait() returned " + std::to_string(count) + ")";
  return text.empty() ? "nothing" : text;
}

int open_descriptors()
{
  int count = 0;
  for (int fd = 0; fd < 1000; ++fd) count += ::fcntl(fd, F_GETFD) != -1;
  return count;
}

/// What `call` throws: "17 true" is EEXIST, said of the right descriptor.
template <typename Call>
std::string thrown(int fd, Call call)
{
  try {
    call();
  } catch (const std::system_error& error) {
    const std::string text = error.what();
    const auto at = text.find("descriptor " + std::to_string(fd));
    return std::to_string(error.code().value()) +
           (at == std::string::npos ? ", not named: " + text : ", named");
  }
  return "nothing";
}

Trigger trigger_of(const Request& request)
{
  return request.word == "edge" ? Trigger::kEdge : Trigger::kLevel;
}

}  // namespace

// numbers: tags; every second one gets a byte. Then all of them are watched for writing.
PROBE(reports)
{
  Poller poller{trigger_of(request)};
  std::vector<Stream> streams(request.numbers.size());
  for (std::size_t i = 0; i < streams.size(); ++i)
    poller.add(streams[i].here, Ready::kRead, static_cast<std::uint64_t>(request.numbers[i]));
  observe("before", look(poller));
  for (std::size_t i = 0; i < streams.size(); i += 2) streams[i].send("x");
  observe("readable", look(poller));
  Poller writers{trigger_of(request)};
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (i % 2 == 0) streams[i].fill();
    const auto interest = i % 3 == 0 ? Ready::kRead | Ready::kWrite : Ready::kWrite;
    writers.add(streams[i].here, interest, static_cast<std::uint64_t>(request.numbers[i]));
  }
  observe("writable", look(writers));
}

// Two bytes come and are read one by one; word: level or edge.
PROBE(again)
{
  Poller poller{trigger_of(request)};
  Stream stream;
  poller.add(stream.here, Ready::kRead, static_cast<std::uint64_t>(request.numbers[0]));
  stream.send("ab");
  observe("came", look(poller));
  observe("unread", look(poller));
  stream.take(1);
  observe("half_read", look(poller));
  stream.take();
  observe("read", look(poller));
  stream.send("cd");
  observe("more", look(poller));
  stream.send("ef");
  observe("more_on_top", look(poller));
}

// One readable and writable descriptor whose interest changes. numbers: two tags.
PROBE(modify)
{
  Poller poller{trigger_of(request)};
  Stream stream;
  const auto tag = static_cast<std::uint64_t>(request.numbers[0]);
  const auto other = static_cast<std::uint64_t>(request.numbers[1]);
  stream.send("ab");
  poller.add(stream.here, Ready::kRead, tag);
  observe("added", look(poller));
  stream.take(1);
  poller.modify(stream.here, Ready::kRead, tag);
  observe("same_again", look(poller));
  observe("and_then", look(poller));
  poller.modify(stream.here, Ready::kRead | Ready::kWrite, other);
  observe("both_other_tag", look(poller));
  poller.modify(stream.here, Ready::kNothing, other);
  observe("nothing", look(poller));
  stream.send("c");
  observe("still_nothing", look(poller));
  poller.modify(stream.here, Ready::kRead, tag);
  observe("back", look(poller));
}

// numbers: tags of three, of which the second is removed, and added again.
PROBE(remove)
{
  const int before = open_descriptors();
  {
    Poller poller{trigger_of(request)};
    std::vector<Stream> streams(3);
    for (int i = 0; i < 3; ++i) {
      poller.add(streams[i].here, Ready::kRead, static_cast<std::uint64_t>(request.numbers[i]));
      streams[i].send("x");
    }
    poller.remove(streams[1].here);
    observe("removed", look(poller));
    poller.add(streams[1].here, Ready::kRead, static_cast<std::uint64_t>(request.numbers[3]));
    poller.remove(streams[0].here);
    poller.remove(streams[2].here);
    observe("added_again", look(poller));
  }
  observe("left_open", open_descriptors() - before);
}

// numbers: how many bytes there are, the budgets, of which 0 stands for "no more; close the other
// end".
PROBE(drains)
{
  Stream stream;
  std::string sent;
  for (std::int64_t i = 0; i < request.numbers[0]; ++i) sent += static_cast<char>('a' + i % 26);
  stream.send(sent);
  std::string got;
  for (std::size_t i = 1; i < request.numbers.size(); ++i) {
    if (request.numbers[i] == 0) {
      stream.close_there();
      continue;
    }
    const auto drained = drain(stream.here, static_cast<std::size_t>(request.numbers[i]));
    got += drained.bytes;
    observe("size", drained.bytes.size());
    observe("why", drained.why == Drained::Why::kWouldBlock ? "would block"
                   : drained.why == Drained::Why::kEnd      ? "end"
                                                            : "budget");
  }
  observe("same", got == sent);
}

// numbers: nanoseconds. Waits so long each, with nothing ready; tells by how much too early it was.
PROBE(deadlines)
{
  Poller poller{Trigger::kLevel};
  Stream quiet;
  poller.add(quiet.here, Ready::kRead, 1);
  for (const auto ns : request.numbers) {
    const auto deadline = Clock::now() + std::chrono::nanoseconds{ns};
    const auto count = poller.wait(deadline, [](const Event&) {});
    const auto early = deadline - Clock::now();
    observe("count", count);
    observe("early_ns", std::max<std::int64_t>(0, early.count()));
  }
  quiet.send("x");
  observe("past", look(poller));
}

// Somebody else writes after a while. numbers: the deadline in milliseconds from now, 0 for ever.
PROBE(far_deadline)
{
  Poller poller{Trigger::kLevel};
  Stream stream;
  poller.add(stream.here, Ready::kRead, 5);
  const auto deadline = request.numbers[0] == 0
                            ? Poller::kForEver
                            : Clock::now() + std::chrono::milliseconds{request.numbers[0]};
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    stream.send("x");
  });
  std::string seen = "nothing";
  poller.wait(deadline, [&](const Event& event) {
    seen = std::to_string(event.tag) + " " + words(event.ready);
  });
  observe("seen", seen);
  writer.join();
}

// The mistakes of a caller, and what is left as it was.
PROBE(mistakes)
{
  Poller poller{Trigger::kLevel};
  Stream stream;
  Stream other;
  const int fd = stream.here;
  poller.add(fd, Ready::kRead, 1);
  observe("added_twice", thrown(fd, [&] { poller.add(fd, Ready::kWrite, 2); }));
  stream.send("x");
  observe("after_added_twice", look(poller));
  observe("modify_unknown",
          thrown(other.here, [&] { poller.modify(other.here, Ready::kRead, 3); }));
  observe("remove_unknown", thrown(other.here, [&] { poller.remove(other.here); }));
  observe("high_unknown", thrown(2000, [&] { poller.modify(2000, Ready::kRead, 3); }));
  poller.remove(fd);
  observe("remove_twice", thrown(fd, [&] { poller.remove(fd); }));
  observe("modify_removed", thrown(fd, [&] { poller.modify(fd, Ready::kRead, 4); }));
  observe("after_all", look(poller));
  observe("negative", thrown(-1, [&] { poller.add(-1, Ready::kRead, 5); }));
  const int closed = ::dup(fd);
  ::close(closed);
  observe("closed", thrown(closed, [&] { poller.add(closed, Ready::kRead, 6); }));
  const int file = ::open("/proc/self/exe", O_RDONLY);
  observe("file", thrown(file, [&] { poller.add(file, Ready::kRead, 7); }));
  ::close(file);
}

// numbers: how many are ready; whoever's turn is first removes and closes all others.
PROBE(remove_in_dispatch)
{
  Poller poller{trigger_of(request)};
  std::vector<Stream> streams(static_cast<std::size_t>(request.numbers[0]));
  for (std::size_t i = 0; i < streams.size(); ++i) {
    poller.add(streams[i].here, Ready::kRead, i);
    streams[i].send("x");
  }
  int calls = 0;
  const auto count = poller.wait(Clock::now(), [&](const Event& event) {
    ++calls;
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (i == event.tag || streams[i].here == -1) continue;
      poller.remove(streams[i].here);
      streams[i].close_here();
    }
  });
  observe("calls", calls);
  observe("count", count);
  const auto left = look(poller);
  observe("left", std::count(left.begin(), left.end(), ',') + (left == "nothing" ? 0 : 1));
}

// BEGIN HIDDEN TESTS
// Whoever's turn is first closes all others, and opens as many, which get their numbers, and adds
// these with tags from 1000 on. word: whether the old ones are removed first. Then one gets a byte.
PROBE(reused_numbers)
{
  Poller poller{Trigger::kLevel};
  const auto size = static_cast<std::size_t>(request.numbers[0]);
  std::vector<Stream> old(size);
  std::vector<Stream> fresh;
  for (std::size_t i = 0; i < size; ++i) {
    poller.add(old[i].here, Ready::kRead, i);
    old[i].send("x");
  }
  int reused = 0;
  std::string calls;
  poller.wait(Clock::now(), [&](const Event& event) {
    calls += (calls.empty() ? "" : " ") + std::string{event.tag < 1000 ? "old" : "new"};
    if (!fresh.empty() || event.tag >= 1000) return;
    std::vector<int> numbers;
    for (std::size_t i = 0; i < size; ++i) {
      if (i == event.tag) continue;
      if (request.word == "removed") poller.remove(old[i].here);
      numbers.push_back(old[i].here);
      old[i].close_here();
    }
    fresh = std::vector<Stream>(size / 2);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      for (const int fd : {fresh[i].here, fresh[i].there})
        reused += std::find(numbers.begin(), numbers.end(), fd) != numbers.end();
      poller.add(fresh[i].here, Ready::kRead, 1000 + 2 * i);
      poller.add(fresh[i].there, Ready::kRead, 1001 + 2 * i);
    }
    poller.remove(old[event.tag].here);
  });
  observe("reused", reused);
  observe("calls", calls);
  observe("then", look(poller));
  if (!fresh.empty()) fresh[0].send("x");
  observe("at_last", look(poller));
}

// A descriptor is closed without having been removed, but a copy of it is open elsewhere, so that
// the kernel goes on reporting it. Its number is used anew. (epoll(7), questions 6 and 9)
PROBE(closed_with_a_copy)
{
  Poller poller{Trigger::kEdge};
  Stream old;
  const int number = old.here;
  poller.add(number, Ready::kRead, 1);
  const int copy = ::dup(number);
  old.close_here();
  Stream fresh;
  observe("reused", fresh.here == number || fresh.there == number);
  poller.add(number, Ready::kRead, 2);
  old.send("for the old one");
  observe("old_readable", look(poller));
  if (fresh.here == number) fresh.send("x");
  else [[maybe_unused]] auto n = ::write(fresh.here, "x", 1);
  observe("new_readable", look(poller));
  ::close(copy);
}

// Closed without being removed, no copy; then its number is added anew.
PROBE(closed_unremoved)
{
  Poller poller{trigger_of(request)};
  Stream old;
  const int number = old.here;
  poller.add(number, Ready::kRead, 1);
  old.send("x");
  old.close_here();
  observe("closed", look(poller));
  observe("remove_closed", thrown(number, [&] { poller.remove(number); }));
  Stream fresh;
  observe("modify_unadded", thrown(number, [&] { poller.modify(number, Ready::kRead, 2); }));
  poller.add(number, Ready::kRead, 3);
  observe("added", look(poller));
  [[maybe_unused]] auto n = ::write(fresh.here == number ? fresh.there : fresh.here, "x", 1);
  observe("readable", look(poller));
}

// Ends and errors, which are reported without being asked for.
PROBE(hang_ups)
{
  Poller poller{trigger_of(request)};
  int with_writer_gone[2];
  int with_reader_gone[2];
  if (::pipe(with_writer_gone) == -1 || ::pipe(with_reader_gone) == -1)
    return observe("no_pipe", errno);
  Stream peer_gone;
  Stream half_closed;
  peer_gone.send("last words");
  half_closed.send("last words");
  poller.add(with_writer_gone[0], Ready::kNothing, 1);
  poller.add(with_reader_gone[1], Ready::kWrite, 2);
  poller.add(peer_gone.here, Ready::kRead, 3);
  poller.add(half_closed.here, Ready::kRead, 4);
  observe("before", look(poller));
  ::close(with_writer_gone[1]);
  ::close(with_reader_gone[0]);
  peer_gone.close_there();
  ::shutdown(half_closed.there, SHUT_WR);
  observe("after", look(poller));
  ::close(with_writer_gone[0]);
  ::close(with_reader_gone[1]);
}

// numbers: nanoseconds of each wait. A signal comes every millisecond.
PROBE(signals)
{
  struct sigaction action {};
  action.sa_handler = [](int) {};
  ::sigaction(SIGALRM, &action, nullptr);
  const itimerval every_ms{{0, 1000}, {0, 1000}};
  ::setitimer(ITIMER_REAL, &every_ms, nullptr);
  Poller poller{Trigger::kLevel};
  Stream quiet;
  poller.add(quiet.here, Ready::kRead, 1);
  for (const auto ns : request.numbers) {
    const auto deadline = Clock::now() + std::chrono::nanoseconds{ns};
    observe("count", poller.wait(deadline, [](const Event&) {}));
    observe("early_ns", std::max<std::int64_t>(0, (deadline - Clock::now()).count()));
  }
  const itimerval never{};
  ::setitimer(ITIMER_REAL, &never, nullptr);
}

// numbers: nanoseconds of each wait, between two words with the judge, who looks at our clock.
PROBE(short_waits)
{
  Poller poller{Trigger::kLevel};
  Stream quiet;
  poller.add(quiet.here, Ready::kRead, 1);
  observe("begin", 1);
  if (!wait_for_judge()) return;
  std::int64_t early = 0;
  for (const auto ns : request.numbers) {
    const auto deadline = Clock::now() + std::chrono::nanoseconds{ns};
    poller.wait(deadline, [](const Event&) {});
    early += Clock::now() < deadline ? 1 : 0;
  }
  observe("early", early);
  observe("done", 1);
  if (!wait_for_judge()) return;
}

// numbers: the budget of a turn. Three descriptors, edge-triggered; the first has much to say, the
// others one word each. Whose turn is when?
PROBE(turns)
{
  Poller poller{Trigger::kEdge};
  std::vector<Stream> streams(3);
  const auto budget = static_cast<std::size_t>(request.numbers[0]);
  for (std::size_t i = 0; i < 3; ++i) poller.add(streams[i].here, Ready::kRead, i);
  streams[0].send(std::string(10 * budget, 'x'));
  streams[1].send("one");
  streams[2].send("two");
  std::string order;
  std::size_t bytes = 0;
  for (int wait = 0; wait < 40; ++wait) {
    poller.wait(Clock::now(), [&](const Event& event) {
      const auto drained = drain(event.fd, budget);
      if (event.tag == 0) bytes += drained.bytes.size();
      order += std::to_string(event.tag);
      if (drained.why == Drained::Why::kBudget) poller.modify(event.fd, Ready::kRead, event.tag);
    });
  }
  observe("order", "turns " + order);
  observe("bytes", bytes);
}

// numbers: how many are always ready. How many waits until each has had a turn?
PROBE(crowd)
{
  Poller poller{Trigger::kLevel};
  const auto size = static_cast<std::size_t>(request.numbers[0]);
  std::vector<int> fds;
  std::vector<int> turns(size);
  for (std::size_t i = 0; i < size; ++i) {
    fds.push_back(::eventfd(1, EFD_NONBLOCK));
    poller.add(fds.back(), Ready::kRead, i);
  }
  std::size_t seen = 0;
  int waits = 0;
  int twice = 0;
  for (; seen < size && waits < 2000; ++waits) {
    std::vector<int> now(size);
    poller.wait(Clock::now(), [&](const Event& event) {
      seen += turns.at(event.tag)++ == 0 ? 1 : 0;
      twice += now.at(event.tag)++ == 1 ? 1 : 0;
    });
  }
  observe("seen", seen);
  observe("twice_in_a_wait", twice);
  for (const int fd : fds) ::close(fd);
}

// Both are ready for both; whoever's turn is first changes what the other is watched for.
// word: narrow (to writing), silent (to nothing), tag (to tag 9).
PROBE(change_in_dispatch)
{
  Poller poller{Trigger::kLevel};
  std::vector<Stream> streams(2);
  for (std::size_t i = 0; i < 2; ++i) {
    streams[i].send("x");
    poller.add(streams[i].here, Ready::kRead | Ready::kWrite, i);
  }
  std::string calls;
  poller.wait(Clock::now(), [&](const Event& event) {
    if (calls.empty()) {
      const auto other = 1 - event.tag;
      const auto interest = request.word == "narrow"   ? Ready::kWrite
                            : request.word == "silent" ? Ready::kNothing
                                                       : Ready::kRead | Ready::kWrite;
      poller.modify(streams[other].here, interest, request.word == "tag" ? 9 : other);
      calls = "first";
      return;
    }
    calls += ", then " + (event.tag == 9 ? "9 " : std::string{}) + words(event.ready);
  });
  observe("calls", calls);
}

// numbers: idle descriptors, waits. One is ready, and stays so.
PROBE(one_among_idle)
{
  Poller poller{Trigger::kLevel};
  std::vector<int> fds;
  for (std::int64_t i = 0; i < request.numbers[0]; ++i) {
    fds.push_back(::eventfd(0, EFD_NONBLOCK));
    poller.add(fds.back(), Ready::kRead, static_cast<std::uint64_t>(i));
  }
  const int ready = ::eventfd(1, EFD_NONBLOCK);
  poller.add(ready, Ready::kRead, 1'000'000);
  std::int64_t reported = 0;
  for (std::int64_t i = 0; i < request.numbers[1]; ++i)
    poller.wait(Clock::now() + std::chrono::seconds{5},
                [&](const Event& event) { reported += event.tag == 1'000'000; });
  observe("reported", reported);
}
// END HIDDEN TESTS
