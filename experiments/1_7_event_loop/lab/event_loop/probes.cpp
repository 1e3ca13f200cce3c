// What the tests do with an event loop, and what they see of it. They judge nothing.
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "event_loop.hpp"
#include "probe.hpp"

using namespace std::chrono_literals;
using Clock = EventLoop::Clock;

namespace {

/// Ends a run that waits for what never comes, so that the case can say what was missing.
class Patience {
 public:
  explicit Patience(EventLoop& loop, Clock::duration limit = 10s)
      : loop_(loop),
        timer_(loop.call_later(limit, [&loop] {
          observe("gave_up", true);
          loop.stop();
        }))
  {
  }
  void over() { loop_.cancel(timer_); }

 private:
  EventLoop& loop_;
  EventLoop::TimerId timer_;
};

/// Two descriptors: what is written to the second is read from the first.
class Pair {
 public:
  static Pair pipe()
  {
    Pair pair;
    if (::pipe2(pair.ends_.data(), O_CLOEXEC | O_NONBLOCK) == -1) throw std::runtime_error("pipe2");
    return pair;
  }
  static Pair sockets()
  {
    Pair pair;
    const int type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
    if (::socketpair(AF_UNIX, type, 0, pair.ends_.data()) == -1)
      throw std::runtime_error("socketpair");
    return pair;
  }
  Pair(Pair&& other) noexcept : ends_(std::exchange(other.ends_, {-1, -1})) {}
  Pair& operator=(Pair&&) = delete;
  ~Pair()
  {
    close_near();
    close_far();
  }

  [[nodiscard]] int near() const { return ends_[0]; }
  [[nodiscard]] int far() const { return ends_[1]; }
  void close_near() { shut(ends_[0]); }
  void close_far() { shut(ends_[1]); }

  void send(const std::string& bytes) const
  {
    while (::write(far(), bytes.data(), bytes.size()) == -1 && errno == EINTR) {
    }
  }
  /// The next byte, as a number; 0 at the end, -1 where there is none yet.
  int byte() const
  {
    char byte = 0;
    ssize_t count = 0;
    do count = ::read(near(), &byte, 1);
    while (count == -1 && errno == EINTR);
    return count == 1 ? byte : static_cast<int>(count);
  }

 private:
  Pair() = default;
  static void shut(int& fd)
  {
    if (fd != -1) ::close(std::exchange(fd, -1));
  }
  std::array<int, 2> ends_{-1, -1};
};

/// Puts as many bytes into `fd` as it takes.
void fill(int fd)
{
  const std::string bytes(4096, 'x');
  while (::write(fd, bytes.data(), bytes.size()) > 0) {
  }
}

/// Takes all bytes out of `fd`.
void drain(int fd)
{
  std::array<char, 4096> bytes;
  while (::read(fd, bytes.data(), bytes.size()) > 0) {
  }
}

}  // namespace

PROBE(in_order)
{
  EventLoop loop;
  for (const auto number : request.numbers) {
    loop.call_soon([&loop, number] {
      observe("called", number);
      loop.call_soon([number] { observe("called", -number); });
    });
  }
  observe("posted", request.numbers.size());
  loop.run();
  observe("returned", true);
}

PROBE(timers)
{
  EventLoop loop;
  const auto start = Clock::now();
  for (const auto delay_ms : request.numbers) {
    const auto when = start + std::chrono::milliseconds(delay_ms);
    loop.call_at(when, [=] {
      observe("late_us",
              std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - when).count());
      observe("called", delay_ms);
    });
  }
  observe("made", request.numbers.size());
  loop.run();
}

// Timers number 0, 1, 2... with these delays, in milliseconds; those below 0 are cancelled again.
PROBE(cancelled_timers)
{
  EventLoop loop;
  std::vector<EventLoop::TimerId> ids;
  for (std::size_t number = 0; number < request.numbers.size(); ++number) {
    const std::chrono::milliseconds delay(std::abs(request.numbers[number]));
    ids.push_back(loop.call_later(delay, [number] { observe("called", number); }));
  }
  for (std::size_t number = 0; number < ids.size(); ++number)
    if (request.numbers[number] < 0) observe("cancelled", loop.cancel(ids[number]));
  // Two that are due together: the first takes the second off, and can't take off itself.
  const auto together = Clock::now() + 60ms;
  EventLoop::TimerId first = 0;
  EventLoop::TimerId second = 0;
  first = loop.call_at(together, [&] {
    observe("itself", loop.cancel(first));
    observe("other", loop.cancel(second));
  });
  second = loop.call_at(together, [] { observe("called", 1000); });
  loop.run();
  observe("again", loop.cancel(second));
  observe("after", ids.empty() || loop.cancel(ids.front()));
}

PROBE(reader)
{
  EventLoop loop;
  Patience patience(loop);
  const Pair pipe = Pair::pipe();
  std::size_t left = request.numbers.size();
  loop.add_reader(pipe.near(), [&] {
    observe("read", pipe.byte());
    if (--left > 0) return;
    observe("removed", loop.remove_reader(pipe.near()));
    observe("removed_again", loop.remove_reader(pipe.near()));
    patience.over();
  });
  // Half at once, to be read one by one, and the rest one at a time.
  std::string at_once;
  for (std::size_t i = 0; i < request.numbers.size(); ++i) {
    const auto byte = static_cast<char>(request.numbers[i]);
    if (i < request.numbers.size() / 2) at_once += byte;
    else loop.call_later(i * 1ms, [&pipe, byte] { pipe.send({byte}); });
  }
  loop.call_later(1ms, [&] { pipe.send(at_once); });
  loop.run();
  observe("returned", true);
}

PROBE(writer)
{
  EventLoop loop;
  Patience patience(loop);
  const Pair sockets = Pair::sockets();
  fill(sockets.far());
  loop.add_writer(sockets.far(), [&] {
    observe("step", "writable");
    loop.remove_writer(sockets.far());
    patience.over();
  });
  loop.call_later(std::chrono::milliseconds(request.numbers.at(0)), [&] {
    observe("step", "drained");
    drain(sockets.near());
  });
  loop.run();
  observe("returned", true);
}

PROBE(wake_up)
{
  EventLoop loop;
  Patience patience(loop);
  const auto loop_thread = std::this_thread::get_id();
  std::thread poster([&] {
    for (std::size_t i = 0; i < request.numbers.size(); ++i) {
      std::this_thread::sleep_for(5ms);
      loop.call_soon_threadsafe([&, i] {
        observe("called", request.numbers[i]);
        observe("on_the_loops_thread", std::this_thread::get_id() == loop_thread);
        if (i + 1 == request.numbers.size()) patience.over();
      });
    }
  });
  loop.run();
  poster.join();
}

PROBE(stopped)
{
  EventLoop loop;
  const auto far = loop.call_later(1h, [] { observe("called", -1); });
  const std::int64_t stops = request.numbers.at(0);
  const std::int64_t last = request.numbers.at(1);
  for (std::int64_t number = 1; number <= last; ++number) {
    loop.call_soon([&, number] {
      observe("called", number);
      if (number == stops) loop.stop();
      if (number == last) loop.cancel(far);
    });
  }
  loop.run();
  observe("called", "run() returned");
  loop.stop();  // nothing runs that it could stop
  loop.run();
  observe("called", "run() returned");
}

PROBE(starving)
{
  EventLoop loop;
  const Pair pipe = Pair::pipe();
  pipe.send("x");
  bool read = false;
  loop.add_reader(pipe.near(), [&] {
    read = true;
    loop.remove_reader(pipe.near());
  });
  int timers = 20;  // one after the other
  int early = 0;
  auto due = Clock::now() + 2ms;
  std::function<void()> timer = [&] {
    if (Clock::now() < due) ++early;
    due = Clock::now() + 2ms;
    if (--timers > 0) loop.call_later(2ms, timer);
  };
  loop.call_later(2ms, timer);
  const auto give_up = Clock::now() + 5s;
  std::function<void()> again = [&] {
    const bool all = read && timers == 0;
    if (!all && Clock::now() < give_up) return loop.call_soon(again);
    observe("had_their_turn", std::string(read ? "reader " : "") + (timers == 0 ? "timers" : ""));
    observe("early", early);
  };
  loop.call_soon(again);
  loop.run();
}

PROBE(removes_itself)
{
  EventLoop loop;
  Patience patience(loop);
  std::vector<std::unique_ptr<Pair>> pipes;
  std::size_t left = request.numbers.size();
  for (const auto number : request.numbers) {
    pipes.push_back(std::make_unique<Pair>(Pair::pipe()));
    Pair& pipe = *pipes.back();
    // Long enough to lie on the heap: it must outlive the removal.
    const std::string words = "the callback's own words, number " + std::to_string(number);
    loop.add_reader(pipe.near(), [&loop, &pipe, &left, &patience, words, number] {
      loop.remove_reader(pipe.near());
      pipe.close_near();
      const bool whole = words == "the callback's own words, number " + std::to_string(number);
      observe(whole ? "called" : "spoiled", number);
      if (--left == 0) patience.over();
    });
    loop.call_later(std::chrono::milliseconds(number), [&pipe] { pipe.send("x"); });
  }
  loop.run();
  observe("returned", true);
}

// Woken once, and then left alone until the judge says so: with a far timer, or with none.
PROBE(idle)
{
  EventLoop loop;
  Patience patience(loop);
  const Pair quiet = Pair::sockets();  // always ready for writing, which nobody asks for
  loop.add_reader(quiet.near(), [&] { quiet.byte(); });
  bool woken = false;
  std::thread poster([&] {
    std::this_thread::sleep_for(5ms);
    loop.call_soon_threadsafe([&] {
      woken = true;
      loop.stop();
    });
  });
  loop.run();
  poster.join();
  if (!woken) return;
  patience.over();
  EventLoop::TimerId far = 0;
  if (request.word == "timer") far = loop.call_later(1h, [] {});
  observe("idle", true);
  std::thread judge([&] {
    (void)wait_for_judge();
    loop.call_soon_threadsafe([&] {
      observe("called", true);
      loop.remove_reader(quiet.near());
      loop.cancel(far);
    });
  });
  loop.run();
  judge.join();
}

// Timers write to a pipe that is read, and a thread posts: each when the one before it was called.
PROBE(mixture)
{
  EventLoop loop;
  Patience patience(loop);
  const Pair pipe = Pair::pipe();
  const std::int64_t count = request.numbers.at(0);
  std::int64_t reads = 0;
  std::atomic<std::int64_t> posts = 0;
  std::atomic<bool> ended = false;
  const auto look = [&] {
    if (reads < count || posts < count) return;
    loop.remove_reader(pipe.near());
    patience.over();
  };
  loop.add_reader(pipe.near(), [&] {
    if (pipe.byte() > 0) ++reads;
    look();
  });
  for (std::int64_t i = 0; i < count; ++i) loop.call_later(i * 1ms, [&] { pipe.send("x"); });
  std::thread poster([&] {
    for (std::int64_t i = 0; i < count && !ended; ++i) {
      loop.call_soon_threadsafe([&] {
        ++posts;
        look();
      });
      while (posts <= i && !ended) std::this_thread::sleep_for(1ms);
    }
  });
  loop.run();
  ended = true;
  poster.join();
  observe("reads", reads);
  observe("posts", posts.load());
}

PROBE(throwing)
{
  EventLoop loop;
  const auto run = [&loop] {
    try {
      loop.run();
      observe("step", "run() returned");
    } catch (const std::exception& error) {
      observe("step", std::string("run() threw ") + error.what());
    }
  };
  loop.call_soon([] { observe("step", "first"); });
  loop.call_soon([] { throw std::runtime_error("from a callback"); });
  loop.call_soon([] { observe("step", "second"); });
  const auto together = Clock::now() + 1ms;
  loop.call_at(together, [] { throw std::runtime_error("from a timer"); });
  loop.call_at(together, [] { observe("step", "timer"); });
  run();
  run();
  run();
  const Pair pipe = Pair::pipe();
  pipe.send("x");
  bool thrown = false;
  loop.add_reader(pipe.near(), [&] {
    if (!std::exchange(thrown, true)) throw std::runtime_error("from a reader");
    observe("step", "reader");
    loop.remove_reader(pipe.near());
  });
  run();
  run();
}

// So many callbacks, ten of which are in the queue at a time.
PROBE(posts)
{
  EventLoop loop;
  std::int64_t left = request.numbers.at(0);
  std::int64_t called = 0;
  std::function<void()> next = [&] {
    ++called;
    if (--left >= 10) loop.call_soon(next);
  };
  for (int i = 0; i < 10; ++i) loop.call_soon(next);
  loop.run();
  observe("called", called);
}

// So many timers, all due, their deadlines in a muddle; a quarter is cancelled.
PROBE(many_timers)
{
  EventLoop loop;
  const std::int64_t count = request.numbers.at(0);
  const auto start = Clock::now();
  auto latest = Clock::time_point::min();
  std::int64_t called = 0;
  std::int64_t out_of_order = 0;
  std::vector<EventLoop::TimerId> unwanted;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto when = start - std::chrono::microseconds(i * 7919 % 1'000'003);
    const auto timer = loop.call_at(when, [&, when] {
      ++called;
      if (when < latest) ++out_of_order;
      latest = when;
    });
    if (i % 4 == 0) unwanted.push_back(timer);
  }
  for (const auto timer : unwanted) loop.cancel(timer);
  loop.run();
  observe("called", called);
  observe("out_of_order", out_of_order);
}

// BEGIN HIDDEN TESTS
// Timers number 0, 1, 2..., each as many ticks from a common time as its number says.
PROBE(equal_deadlines)
{
  EventLoop loop;
  const auto start = Clock::now() + 5ms;
  for (std::size_t number = 0; number < request.numbers.size(); ++number)
    loop.call_at(start + std::chrono::milliseconds(request.numbers[number]),
                 [number] { observe("called", number); });
  loop.run();
}

PROBE(both_ends_of_time)
{
  EventLoop loop;
  const auto never = loop.call_later(Clock::duration::max(), [] { observe("called", "never"); });
  const auto last = loop.call_at(Clock::time_point::max(), [] { observe("called", "last"); });
  loop.call_later(5ms, [&] {
    observe("called", "soon");
    observe("cancelled", loop.cancel(never));
    observe("cancelled", loop.cancel(last));
  });
  loop.call_later(Clock::duration::min(), [] { observe("called", "at once"); });
  loop.call_at(Clock::time_point::min(), [] { observe("called", "long ago"); });
  observe("made", 5);
  loop.run();
}

PROBE(both_sides)
{
  EventLoop loop;
  Patience patience(loop);
  const Pair sockets = Pair::sockets();
  const int fd = sockets.near();
  const std::int64_t writes = request.numbers.at(0);
  std::int64_t written = 0;
  const auto second_reader = [&] {
    observe("step", "second reader " + std::to_string(sockets.byte()));
    observe("removed", loop.remove_reader(fd));
    observe("removed", loop.remove_reader(fd));
    patience.over();
  };
  loop.add_reader(fd, [&] {
    observe("step", "reader " + std::to_string(sockets.byte()));
    loop.add_reader(fd, second_reader);
    loop.call_later(1ms, [&] { sockets.send("b"); });
  });
  loop.add_writer(fd, [&] {
    observe("step", "writer");
    if (++written < writes) return;
    observe("removed", loop.remove_writer(fd));
    loop.call_later(1ms, [&] { sockets.send("a"); });
  });
  loop.run();
}

PROBE(timers_that_come_again)
{
  EventLoop loop;
  const Pair pipe = Pair::pipe();
  pipe.send("x");
  bool read = false;
  bool timed = false;
  bool posted = false;
  loop.add_reader(pipe.near(), [&] {
    read = true;
    loop.remove_reader(pipe.near());
  });
  loop.call_later(2ms, [&] { timed = true; });
  const auto start = Clock::now();
  std::function<void()> again = [&] {
    const bool all = read && timed && posted;
    if (!all && Clock::now() < start + 5s) loop.call_at(start - 1ms, again);
    else
      observe("had_their_turn", std::string(read ? "reader " : "") + (timed ? "timer " : "") +
                                    (posted ? "callback" : ""));
  };
  loop.call_at(start - 1ms, again);
  loop.call_soon([&] { posted = true; });
  loop.run();
}

// Both pipes are ready in the same turn. Whose reader comes first takes the other's off, closes
// it, and watches a new, empty pipe that has the old one's number.
PROBE(removed_by_another)
{
  EventLoop loop;
  Patience patience(loop);
  std::array<Pair, 2> pipes{Pair::pipe(), Pair::pipe()};
  Pair fresh = Pair::pipe();
  bool sent = false;
  bool first = true;
  const auto reader = [&](std::size_t mine) {
    observe("called", "reader");
    pipes[mine].byte();
    if (!std::exchange(first, false)) return;
    const int other = pipes[1 - mine].near();
    observe("removed", loop.remove_reader(other));
    loop.remove_reader(pipes[mine].near());
    ::dup2(fresh.near(), other);
    loop.add_reader(other, [&, other] {
      observe("called", sent ? "new reader, something to read" : "new reader, nothing to read");
      if (!sent) return;
      loop.remove_reader(other);
      patience.over();
    });
    loop.call_later(5ms, [&] {
      sent = true;
      fresh.send("x");
    });
  };
  for (std::size_t i = 0; i < 2; ++i) {
    pipes[i].send("x");
    loop.add_reader(pipes[i].near(), [&reader, i] { reader(i); });
  }
  loop.run();
}

PROBE(hang_up)
{
  EventLoop loop;
  Patience patience(loop);
  Pair ending = Pair::pipe();
  Pair breaking = Pair::pipe();
  fill(breaking.far());
  int left = 2;
  loop.add_reader(ending.near(), [&] {
    observe("reader", ending.byte());
    loop.remove_reader(ending.near());
    if (--left == 0) patience.over();
  });
  loop.add_writer(breaking.far(), [&] {
    observe("writer", true);
    loop.remove_writer(breaking.far());
    if (--left == 0) patience.over();
  });
  loop.call_later(2ms, [&] { ending.close_far(); });
  loop.call_later(4ms, [&] { breaking.close_near(); });
  loop.run();
}

PROBE(unwatchable)
{
  EventLoop loop;
  Patience patience(loop);
  const int file =
      ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);  // always ready: epoll takes none
  for (const int fd : {9999, file}) {
    try {
      loop.add_reader(fd, [] { observe("called", true); });
      observe("error", 0);
    } catch (const std::system_error& error) {
      observe("error", error.code().value());
    }
    observe("removed", loop.remove_reader(fd));
  }
  ::close(file);
  loop.call_soon([&] { patience.over(); });
  loop.run();
  observe("returned", true);
}

// A chain of timers, each as many microseconds after the one before it.
PROBE(short_timers)
{
  EventLoop loop;
  const std::chrono::microseconds pause(request.numbers.at(0));
  std::int64_t left = request.numbers.at(1);
  std::int64_t called = 0;
  std::int64_t early = 0;
  auto due = Clock::now() + pause;
  std::function<void()> next = [&] {
    ++called;
    if (Clock::now() < due) ++early;
    due = Clock::now() + pause;
    if (--left > 0) loop.call_later(pause, next);
  };
  loop.call_later(pause, next);
  loop.run();
  observe("early", early);
  observe("called", called);
  (void)wait_for_judge();
}

// Posts two callbacks, so many microseconds apart, and waits until both were called: if the second
// is lost, nobody comes after it.
PROBE(lost_posts)
{
  EventLoop loop;
  Patience patience(loop, 20s);
  std::atomic<std::size_t> called = 0;
  std::atomic<bool> ended = false;
  if (request.word == "one core") {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(::sched_getcpu(), &cores);
    ::sched_setaffinity(0, sizeof cores, &cores);
  }
  const auto call = [&] {
    ++called;
    called.notify_one();
  };
  std::thread poster([&] {
    for (std::size_t i = 0; i < request.numbers.size() && !ended; ++i) {
      loop.call_soon_threadsafe(call);
      std::this_thread::sleep_for(std::chrono::microseconds(request.numbers[i]));
      loop.call_soon_threadsafe(call);
      for (auto seen = called.load(); seen < 2 * (i + 1) && !ended; seen = called)
        called.wait(seen);
    }
    loop.call_soon_threadsafe([&] { patience.over(); });
  });
  loop.run();
  const std::size_t total = called;
  ended = true;
  call();
  poster.join();
  observe("called", total);
}

// One at a time without a pause: the poster looks at a counter until its callback was called.
PROBE(lost_posts_at_once)
{
  EventLoop loop;
  Patience patience(loop, 20s);
  std::atomic<std::int64_t> called = 0;
  std::atomic<bool> ended = false;
  std::int64_t posted = 0;
  std::thread poster([&] {
    const auto enough = Clock::now() + 1s;
    while (posted < request.numbers.at(0) && !ended && Clock::now() < enough) {
      loop.call_soon_threadsafe([&] { ++called; });
      ++posted;
      for (int i = 0; called < posted && !ended; ++i)
        if (i > 2000) std::this_thread::yield();
      for (std::atomic<std::int64_t> i = posted % 97; i > 0; --i) {
      }
    }
    loop.call_soon_threadsafe([&] { patience.over(); });
  });
  loop.run();
  ended = true;
  poster.join();
  observe("posted", posted > 0);
  observe("lost", posted - called);
}

PROBE(many_threads)
{
  EventLoop loop;
  Patience patience(loop, 20s);
  const std::int64_t threads = request.numbers.at(0);
  const std::int64_t posts = request.numbers.at(1);
  std::vector<std::int64_t> last(static_cast<std::size_t>(threads), -1);
  std::int64_t called = 0;
  std::int64_t out_of_order = 0;
  std::vector<std::thread> posters;
  for (std::size_t thread = 0; thread < last.size(); ++thread) {
    posters.emplace_back([&, thread] {
      for (std::int64_t post = 0; post < posts; ++post) {
        loop.call_soon_threadsafe([&, thread, post] {
          if (last[thread] + 1 != post) ++out_of_order;
          last[thread] = post;
          if (++called == threads * posts) patience.over();
        });
      }
    });
  }
  loop.run();
  for (auto& poster : posters) poster.join();
  observe("called", called);
  observe("out_of_order", out_of_order);
}

PROBE(timeouts)
{
  EventLoop loop;
  observe("begun", true);
  (void)wait_for_judge();
  std::int64_t cancelled = 0;
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i) {
    const auto timer = loop.call_later(1h, [] { observe("called", true); });
    if (loop.cancel(timer)) ++cancelled;
  }
  observe("cancelled", cancelled);
  (void)wait_for_judge();
}

namespace {

std::int64_t open_descriptors()
{
  std::int64_t count = 0;
  for (int fd = 0; fd < 1024; ++fd)
    if (::fcntl(fd, F_GETFD) != -1) ++count;
  return count;
}

/// Makes a loop where only `left` descriptors are to be had.
void make_a_loop_with(int left)
{
  std::vector<int> taken;
  for (int fd = ::dup(0); fd != -1; fd = ::dup(0)) taken.push_back(fd);
  for (; left > 0 && !taken.empty(); --left) {
    ::close(taken.back());
    taken.pop_back();
  }
  const auto before = open_descriptors();
  try {
    const EventLoop loop;
    observe("made", true);
  } catch (const std::system_error& error) {
    observe("error", error.code().value());
  }
  observe("kept", open_descriptors() - before);
  for (const int fd : taken) ::close(fd);
}

}  // namespace

PROBE(descriptors)
{
  const auto before = open_descriptors();
  std::int64_t called = 0;
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i) {
    EventLoop loop;
    const Pair pipe = Pair::pipe();
    loop.add_reader(pipe.near(), [&] {
      ++called;
      loop.stop();
    });
    pipe.send("x");
    loop.run();
    loop.remove_reader(pipe.near());
  }
  observe("called", called);
  observe("more", open_descriptors() - before);
}

PROBE(no_descriptor_left)
{
  make_a_loop_with(0);
  make_a_loop_with(1);
}

PROBE(held_objects)
{
  const auto held = std::make_shared<int>(0);
  const auto holding = [held] { (void)held; };
  const Pair pipe = Pair::pipe();
  {
    EventLoop loop;
    loop.call_soon(holding);
    loop.call_soon_threadsafe(holding);
    loop.add_reader(pipe.near(), holding);
    loop.call_later(1h, holding);
    const auto timer = loop.call_later(1h, holding);
    observe("held", held.use_count() - 2);
    loop.cancel(timer);
    observe("held", held.use_count() - 2);
  }
  observe("held", held.use_count() - 2);
}
// END HIDDEN TESTS
