// What each case makes threads do under the student's lock, and what is seen meanwhile.
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "gil.hpp"
#include "probe.hpp"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLongEnough = 4s;  // to give up
constexpr auto kNever = std::chrono::hours(1);

template <class Condition>
bool wait_until(Condition condition, Clock::duration at_most = kLongEnough)
{
  const auto give_up = Clock::now() + at_most;
  while (!condition()) {
    if (Clock::now() > give_up) return false;
    std::this_thread::sleep_for(100us);
  }
  return true;
}

/// A thread that others can see sleeping.
class Sleeper {
 public:
  template <class Body>
  explicit Sleeper(Body body)
      : thread_([this, body] {
          id_ = static_cast<pid_t>(::syscall(SYS_gettid));
          body();
          done_ = true;
        })
  {
  }

  /// Whether it has come to sleep, and stays so for some looks; or else has ended.
  bool sleeps()
  {
    int times = 0;
    return wait_until(
        [&] {
          times = asleep() ? times + 1 : 0;
          return times > 8 || done_;
        },
        2s);
  }

 private:
  [[nodiscard]] bool asleep() const
  {
    if (id_ == 0) return false;
    std::ifstream file("/proc/self/task/" + std::to_string(id_) + "/stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    return name_end != std::string::npos && line.size() > name_end + 2 && line[name_end + 2] == 'S';
  }

  std::atomic<pid_t> id_{0};
  std::atomic<bool> done_{false};
  std::jthread thread_;  // last: it ends before what it uses does
};

/// A pipe, and somebody who writes to it in the end if nobody else has: a test never hangs on it.
class Pipe {
 public:
  Pipe()
  {
    if (::pipe(ends_) == -1) throw std::runtime_error("the test got no pipe");
    rescuer_ = std::jthread([this] {
      if (!wait_until([this] { return over_.load(); }, 2s)) write("R");
    });
  }
  ~Pipe()
  {
    over_ = true;
    rescuer_.join();
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void write(const std::string& text)
  {
    [[maybe_unused]] const auto written = ::write(ends_[1], text.data(), text.size());
  }
  [[nodiscard]] int read_end() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
  std::atomic<bool> over_{false};
  std::jthread rescuer_;
};

template <class Call>
void observe_refusal(const char* name, Call call)
{
  try {
    call();
    observe(name, "it was allowed");
  } catch (const std::logic_error&) {
    observe(name, "refused");
  }
}

}  // namespace

PROBE(one_at_a_time)
{
  const std::int64_t threads = request.numbers.at(0);
  const std::int64_t turns = request.numbers.at(1);
  Gil gil(1ms);
  std::atomic<int> inside{0};
  std::int64_t together = 0;  // these three are plain: the lock is all that guards them
  std::int64_t count = 0;
  std::int64_t held = 0;
  {
    std::vector<std::jthread> all;
    for (std::int64_t thread = 0; thread < threads; ++thread)
      all.emplace_back([&] {
        for (std::int64_t i = 0; i < turns; ++i) {
          gil.acquire();
          if (++inside > 1) ++together;
          if (gil.held()) ++held;
          if (i % 10 == 0) std::this_thread::sleep_for(50us);
          ++count;
          --inside;
          gil.checkpoint();
          gil.release();
        }
      });
  }
  observe("together", together);
  observe("count", count);
  observe("held", held);
  observe("held_at_the_end", gil.held());
}

PROBE(asked)
{
  Gil gil(std::chrono::milliseconds(request.numbers.at(0)));
  gil.acquire();
  Sleeper other([&] {
    gil.acquire();
    observe("event", "the other has it");
    gil.release();
  });
  observe("event", wait_until([&] { return gil.drop_requested(); }) ? "asked" : "never asked");
  gil.checkpoint();
  observe("event", gil.held() ? "the first has it again" : "the first has lost it");
  observe("asked_afterwards", gil.drop_requested());
  observe("switches", gil.switches());
  gil.release();
}

PROBE(not_asked)
{
  Gil gil(kNever);
  gil.acquire();
  std::atomic<bool> taken{false};
  Sleeper other([&] {
    gil.acquire();
    taken = true;
    observe("event", "the other has it");
    gil.release();
  });
  observe("other_sleeps", other.sleeps());
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i) gil.checkpoint();
  observe("asked", gil.drop_requested());
  observe("event", taken ? "the other came too early" : "the first lets go");
  gil.release();
  wait_until([&] { return taken.load(); });
}

PROBE(around_io)
{
  Gil gil(kNever);  // nobody is ever asked: only what is let go can be had
  Pipe pipe;
  gil.acquire();
  {
    Sleeper other([&] {
      gil.acquire();
      observe("event", "the other has it");
      pipe.write(request.word);
      gil.release();
    });
    char text[64];
    const std::size_t count = read_without(gil, pipe.read_end(), text, sizeof text);
    observe("event", "read " + std::string(text, count));
    observe("held_after_read", gil.held());
    if (gil.held()) gil.release();  // the other may still wait for it
  }
  gil.acquire();
  {
    std::atomic<bool> had{false};
    Sleeper other([&] {
      gil.acquire();
      had = true;
      gil.release();
    });
    {
      const WithoutGil released(gil);
      observe("held_without", gil.held());
      observe("other_had_it", wait_until([&] { return had.load(); }, 2s));
    }
    observe("held_after_wait", gil.held());
  }
  gil.release();
}

PROBE(computing)
{
  const std::int64_t threads = request.numbers.at(0);
  const std::int64_t turns_each = request.numbers.at(1);
  Gil gil(1ms);
  std::atomic<std::int64_t> content{0};
  std::int64_t last = -1;  // who ran last; guarded by the lock
  {
    std::vector<std::jthread> all;
    for (std::int64_t me = 0; me < threads; ++me)
      all.emplace_back([&, me] {
        std::int64_t turns = 0;
        gil.acquire();
        const auto give_up = Clock::now() + kLongEnough;
        while (content < threads && Clock::now() < give_up) {
          if (last != me) {
            last = me;
            if (++turns == turns_each) ++content;
          }
          gil.checkpoint();
        }
        gil.release();
      });
  }
  observe("content", content.load());
  observe("enough_switches", gil.switches() >= static_cast<std::uint64_t>(threads * turns_each));
}

PROBE(misuse)
{
  Gil gil;
  observe_refusal("release_unheld", [&] { gil.release(); });
  gil.acquire();
  observe_refusal("acquire_twice", [&] { gil.acquire(); });
  observe("held_still", gil.held());
  std::jthread([&] { observe_refusal("release_by_another", [&] { gil.release(); }); }).join();
  observe("held_still", gil.held());
  gil.release();
  observe_refusal("release_twice", [&] { gil.release(); });
  std::jthread([&] {
    gil.acquire();
    observe("another_can_have_it", gil.held());
    gil.release();
  }).join();
}

PROBE(guards)
{
  Gil gil;
  try {
    const WithGil holding(gil);
    observe("with", gil.held());
    throw std::runtime_error("in the middle");
  } catch (const std::runtime_error&) {
    observe("after_with", gil.held());
  }
  {
    const WithGil holding(gil);
    try {
      const WithoutGil released(gil);
      observe("without", gil.held());
      throw std::runtime_error("in the middle");
    } catch (const std::runtime_error&) {
      observe("after_without", gil.held());
    }
    try {
      char letter = 0;
      read_without(gil, -1, &letter, 1);
      observe("bad_read", "came back");
    } catch (const std::system_error& error) {
      observe("bad_read", error.code() == std::errc::bad_file_descriptor ? "EBADF" : error.what());
    }
    observe("after_bad_read", gil.held());
  }
  std::jthread([&] {
    const WithGil holding(gil);
    observe("another_can_have_it", gil.held());
  }).join();
}

PROBE(queue)
{
  const std::int64_t threads = request.numbers.at(0);
  Gil gil(kNever);
  gil.acquire();
  std::atomic<std::int64_t> had{0};
  std::vector<std::unique_ptr<Sleeper>> all;
  for (std::int64_t i = 0; i < threads; ++i)
    all.push_back(std::make_unique<Sleeper>([&] {
      gil.acquire();
      ++had;
      gil.release();
    }));
  for (const auto& each : all) each->sleeps();
  observe("before", had.load());
  gil.release();
  wait_until([&] { return had == threads; });
  observe("after", had.load());
}

// BEGIN HIDDEN TESTS
PROBE(forced_switch)
{
  const std::int64_t rounds = request.numbers.at(0);
  Gil gil(1ms);
  gil.acquire();
  std::atomic<bool> over{false};
  std::atomic<std::int64_t> turns{0};
  Sleeper other([&] {
    while (!over) {
      gil.acquire();
      ++turns;
      gil.release();
    }
  });
  std::int64_t in_vain = 0;
  std::int64_t asked = 0;
  for (std::int64_t round = 0; round < rounds; ++round) {
    if (!wait_until([&] { return gil.drop_requested(); }, 2s)) break;
    ++asked;
    const std::int64_t before = turns;
    gil.checkpoint();
    if (turns == before) ++in_vain;
  }
  over = true;
  gil.release();
  observe("asked", asked);
  observe("in_vain", in_vain);
}

PROBE(to_and_fro)
{
  const std::int64_t rounds = request.numbers.at(0);
  Gil gil(1ms);
  std::int64_t count = 0;
  {
    const auto run = [&] {
      for (std::int64_t i = 0; i < rounds; ++i) {
        const WithGil holding(gil);
        ++count;
        wait_until([&] { return gil.drop_requested(); }, 3ms);
        gil.checkpoint();
      }
    };
    const std::jthread one(run);
    const std::jthread other(run);
    const std::jthread third(run);
  }
  observe("count", count);
  observe("switched", gil.switches() > 3);
}

/// Lets the lock go just when another thread has found it taken and isn't asleep yet: the faults
/// make that moment long.
PROBE(gap)
{
  Gil gil(kNever);
  std::int64_t late = 0;
  for (std::int64_t round = 0; round < request.numbers.at(0); ++round) {
    std::atomic<bool> comes{false};
    std::atomic<bool> had{false};
    gil.acquire();
    std::jthread other([&] {
      comes = true;
      const WithGil holding(gil);
      had = true;
    });
    wait_until([&] { return comes.load(); });
    std::this_thread::sleep_for(3ms);
    gil.release();
    if (wait_until([&] { return had.load(); }, 1s)) continue;
    ++late;
    const WithGil again(gil);  // its release helps the other out
    break;
  }
  observe("late", late);
  observe("switches", gil.switches());
}

PROBE(idle)
{
  Gil gil(5ms);
  gil.acquire();
  std::atomic<std::int64_t> had{0};
  std::vector<std::unique_ptr<Sleeper>> all;
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i)
    all.push_back(std::make_unique<Sleeper>([&] {
      gil.acquire();
      ++had;
      gil.release();
    }));
  wait_until([&] { return gil.drop_requested(); }, 2s);
  std::int64_t sleeping = 0;
  for (const auto& each : all) sleeping += each->sleeps() ? 1 : 0;
  observe("sleeping", sleeping);
  observe("waiting", request.numbers.at(0) - had);
  (void)wait_for_judge();
  gil.release();
  wait_until([&] { return had == request.numbers.at(0); });
  observe("had_it", had.load());
}

PROBE(interrupted_read)
{
  Gil gil;
  Pipe pipe;
  const WithGil holding(gil);
  std::string all;
  for (std::size_t i = 0; i < request.word.size(); ++i) {
    pipe.write(request.word.substr(i, 1));
    char letters[8];
    all.append(letters, read_without(gil, pipe.read_end(), letters, sizeof letters));
    observe("held", gil.held());
  }
  observe("all", all);
}

PROBE(two_locks)
{
  Gil one(kNever);
  Gil other(kNever);
  one.acquire();
  std::atomic<bool> there{false};
  std::atomic<bool> over{false};
  Sleeper neighbour([&] {
    other.acquire();
    observe("neighbour", std::string(one.held() ? "1" : "0") + (other.held() ? "1" : "0"));
    there = true;
    wait_until([&] { return over.load(); });
    other.release();
  });
  observe("both_at_once", wait_until([&] { return there.load(); }, 2s));
  observe("this", std::string(one.held() ? "1" : "0") + (other.held() ? "1" : "0"));
  over = true;
  other.acquire();
  observe("both", std::string(one.held() ? "1" : "0") + (other.held() ? "1" : "0"));
  one.release();
  observe("second", std::string(one.held() ? "1" : "0") + (other.held() ? "1" : "0"));
  other.release();
}

PROBE(new_holder)
{
  Gil gil(std::chrono::milliseconds(request.numbers.at(0)));
  gil.acquire();
  std::atomic<bool> looked{false};
  Sleeper other([&] {
    gil.acquire();
    observe("asked_at_once", gil.drop_requested());
    looked = true;
    gil.release();
  });
  observe("asked", wait_until([&] { return gil.drop_requested(); }));
  gil.checkpoint();
  observe("other_had_it", looked.load());
  observe("asked_again", gil.drop_requested());
  for (int i = 0; i < 3; ++i) {
    gil.release();
    gil.acquire();
  }
  observe("switches", gil.switches());
  gil.release();
}

PROBE(undisturbed)
{
  Gil gil(5ms);
  for (std::int64_t i = 0; i < request.numbers.at(0); ++i) {
    gil.acquire();
    for (int look = 0; look < 100; ++look) gil.checkpoint();
    gil.release();
  }
  observe("switches", gil.switches());
}
// END HIDDEN TESTS
