// What each case makes the student's counter and the student's proof do, and what is seen
// meanwhile.
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "counter.hpp"
#include "probe.hpp"
#include "proof.hpp"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A thread that calls the counter while another one is held inside it.
class Intruder {
 public:
  template <class Call>
  explicit Intruder(Call call)
      : thread_([this, call] {
          id_ = static_cast<pid_t>(::syscall(SYS_gettid));
          calling_ = true;
          call();
          done_ = true;
        })
  {
  }

  /// Waits until the call is over, or is held up by the counter (its thread sleeps), or `inside`.
  /// So a window is held open for just as long as it takes, however busy the machine is.
  template <class Condition>
  void wait_until_done_or_asleep(Condition inside)
  {
    int times_asleep = 0;
    const auto give_up = Clock::now() + 2s;
    while (!done_ && !inside() && times_asleep < 4 && Clock::now() < give_up) {
      times_asleep = calling_ && asleep() ? times_asleep + 1 : 0;
      std::this_thread::sleep_for(1ms);
    }
  }
  void wait_until_done_or_asleep()
  {
    wait_until_done_or_asleep([] { return false; });
  }

  [[nodiscard]] bool done() const { return done_; }

 private:
  [[nodiscard]] bool asleep() const
  {
    std::ifstream file("/proc/self/task/" + std::to_string(id_) + "/stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    return name_end != std::string::npos && line.size() > name_end + 2 && line[name_end + 2] == 'S';
  }

  std::atomic<pid_t> id_{0};
  std::atomic<bool> calling_{false};
  std::atomic<bool> done_{false};
  std::jthread thread_;  // last: it ends before what it uses does
};

// BEGIN HIDDEN TESTS
Devices no_devices()
{
  return {.print = [](std::int64_t) {}, .ring = [](std::int64_t) {}};
}
// END HIDDEN TESTS

void observe_books(const Counter& counter)
{
  const Totals books = counter.totals();
  observe("sold", books.sold);
  observe("takings", books.takings);
}

/// Two sales at once, the second of which comes while the first is at the printer. `seats` are
/// left.
void two_sales(std::int64_t seats, std::int64_t before, std::int64_t price)
{
  std::unique_ptr<Intruder> second;
  std::atomic<int> printing{0};
  std::atomic<bool> second_prints{false};
  std::atomic<bool> trap{false};
  Counter* there = nullptr;
  Counter counter(before + seats,
                  {.print =
                       [&](std::int64_t) {
                         if (++printing > 1) second_prints = true;
                         if (trap.exchange(false)) {
                           second = std::make_unique<Intruder>(
                               [&] { observe("second_ticket", there->sell(price)); });
                           second->wait_until_done_or_asleep([&] { return second_prints.load(); });
                         }
                         --printing;
                       },
                   .ring = [](std::int64_t) {}});
  there = &counter;
  for (std::int64_t i = 0; i < before; ++i) counter.sell(price);
  trap = true;
  observe("first_ticket", counter.sell(price));
  second.reset();
  observe_books(counter);
}

// ---- counters to prove something of: right ones, and ones with a race of their own. All that they
// share is atomic, so that nothing but the race itself is wrong with them.

struct Books {
  std::mutex mutex;
  std::atomic<std::int64_t> sold{0};
  std::atomic<std::int64_t> takings{0};
};

using Sell = std::function<std::int64_t(Books&, std::int64_t seats, const Devices&, std::int64_t)>;

void window() { std::this_thread::sleep_for(100us); }

Desk desk_with(const std::shared_ptr<Books>& books, std::int64_t seats, const Devices& devices,
               Sell sell, bool locked_totals = true)
{
  return {.sell = [=](std::int64_t price) { return sell(*books, seats, devices, price); },
          .totals = [=]() -> Totals {
            if (!locked_totals) return {books->sold, books->takings};
            const std::lock_guard lock(books->mutex);
            return {books->sold, books->takings};
          }};
}

std::int64_t sell_right(Books& books, std::int64_t seats, const Devices& devices,
                        std::int64_t price)
{
  const std::lock_guard lock(books.mutex);
  if (books.sold == seats) return 0;
  devices.print(books.sold + 1);
  devices.ring(price);
  books.takings += price;
  return ++books.sold;
}

Desk right(std::int64_t seats, const Devices& devices)
{
  return desk_with(std::make_shared<Books>(), seats, devices, sell_right);
}

Desk slow(std::int64_t seats, const Devices& devices)
{
  return desk_with(std::make_shared<Books>(), seats, devices,
                   [](Books& books, std::int64_t all, const Devices& with, std::int64_t price) {
                     std::this_thread::sleep_for(700us);
                     return sell_right(books, all, with, price);
                   });
}

/// As it was given out: no lock at all.
Desk lost_update(std::int64_t seats, const Devices& devices)
{
  return desk_with(
      std::make_shared<Books>(), seats, devices,
      [](Books& books, std::int64_t all, const Devices& with, std::int64_t price) -> std::int64_t {
        if (books.sold == all) return 0;
        const std::int64_t ticket = books.sold + 1;
        with.print(ticket);
        window();
        books.sold = ticket;
        with.ring(price);
        books.takings += price;
        return ticket;
      });
}

/// Sales take turns, but whoever reads doesn't wait for them.
Desk torn(std::int64_t seats, const Devices& devices)
{
  return desk_with(
      std::make_shared<Books>(), seats, devices,
      [](Books& books, std::int64_t all, const Devices& with, std::int64_t price) -> std::int64_t {
        const std::lock_guard lock(books.mutex);
        if (books.sold == all) return 0;
        with.print(books.sold + 1);
        const std::int64_t ticket = ++books.sold;
        with.ring(price);
        window();
        books.takings += price;
        return ticket;
      },
      false);
}

// BEGIN HIDDEN TESTS
/// Looks whether a seat is left, and only then takes the lock.
Desk oversold(std::int64_t seats, const Devices& devices)
{
  return desk_with(
      std::make_shared<Books>(), seats, devices,
      [](Books& books, std::int64_t all, const Devices& with, std::int64_t price) -> std::int64_t {
        if (books.sold >= all) return 0;
        window();
        const std::lock_guard lock(books.mutex);
        with.print(books.sold + 1);
        with.ring(price);
        books.takings += price;
        return ++books.sold;
      });
}

/// The books are right, but the number that the clerk hears is read a moment later.
Desk same_number(std::int64_t seats, const Devices& devices)
{
  return desk_with(
      std::make_shared<Books>(), seats, devices,
      [](Books& books, std::int64_t all, const Devices& with, std::int64_t price) -> std::int64_t {
        if (sell_right(books, all, with, price) == 0) return 0;
        window();
        return books.sold;
      });
}

/// Counts tickets under the lock, and the money beside it.
Desk takings_lost(std::int64_t seats, const Devices& devices)
{
  return desk_with(
      std::make_shared<Books>(), seats, devices,
      [](Books& books, std::int64_t all, const Devices& with, std::int64_t price) -> std::int64_t {
        std::int64_t ticket = 0;
        {
          const std::lock_guard lock(books.mutex);
          if (books.sold == all) return 0;
          ticket = books.sold + 1;
          with.print(ticket);
          with.ring(price);
          books.sold = ticket;
        }
        const std::int64_t before = books.takings;
        window();
        books.takings = before + price;
        return ticket;
      });
}

/// Numbers and books under the lock, the printer outside it.
Desk two_at_the_printer(std::int64_t seats, const Devices& devices)
{
  return desk_with(
      std::make_shared<Books>(), seats, devices,
      [](Books& books, std::int64_t all, const Devices& with, std::int64_t price) -> std::int64_t {
        std::int64_t ticket = 0;
        {
          const std::lock_guard lock(books.mutex);
          if (books.sold == all) return 0;
          ticket = ++books.sold;
          books.takings += price;
        }
        window();
        with.print(ticket);
        with.ring(price);
        return ticket;
      });
}
// END HIDDEN TESTS

Desk named(const std::string& name, std::int64_t seats, const Devices& devices)
{
  if (name == "right") return right(seats, devices);
  if (name == "slow") return slow(seats, devices);
  if (name == "lost_update") return lost_update(seats, devices);
  if (name == "torn") return torn(seats, devices);
  // BEGIN HIDDEN TESTS
  if (name == "oversold") return oversold(seats, devices);
  if (name == "same_number") return same_number(seats, devices);
  if (name == "takings_lost") return takings_lost(seats, devices);
  if (name == "two_at_the_printer") return two_at_the_printer(seats, devices);
  // END HIDDEN TESTS
  throw std::invalid_argument("no counter is called " + name);
}

}  // namespace

PROBE(sales_at_once)
{
  two_sales(request.numbers.at(0), request.numbers.at(1), request.numbers.at(2));
}

PROBE(totals_in_a_sale)
{
  const std::int64_t price = request.numbers.at(0);
  std::unique_ptr<Intruder> reader;
  std::atomic<bool> trap{false};
  Counter* there = nullptr;
  const auto look = [&](std::int64_t) {
    if (!trap) return;
    if (reader) reader->wait_until_done_or_asleep();
    if (reader && !reader->done()) return;  // it waits, and will see the whole sale
    reader = std::make_unique<Intruder>([&] {
      const Totals books = there->totals();
      observe("reader", books.takings == books.sold * price ? "whole sales" : "half a sale");
    });
    reader->wait_until_done_or_asleep();
  };
  Counter counter(100, {.print = look, .ring = look});
  there = &counter;
  for (std::int64_t i = 0; i < request.numbers.at(1); ++i) {
    if (i == 2) trap = true;
    counter.sell(price);
  }
  trap = false;
  reader.reset();
  observe_books(counter);
}

PROBE(crowd)
{
  const std::int64_t clerks = request.numbers.at(0);
  const std::int64_t each = request.numbers.at(1);
  const std::int64_t seats = request.numbers.at(2);
  std::atomic<int> printing{0};
  std::vector<std::int64_t> printed;
  std::mutex mutex;
  Counter counter(seats, {.print =
                              [&](std::int64_t ticket) {
                                if (++printing > 1) observe("together", ticket);
                                {
                                  const std::lock_guard lock(mutex);
                                  printed.push_back(ticket);
                                }
                                std::this_thread::sleep_for(100us);
                                --printing;
                              },
                          .ring = [](std::int64_t) { std::this_thread::sleep_for(50us); }});
  {
    std::atomic<std::int64_t> at_work{clerks};
    std::vector<std::jthread> threads;
    for (std::int64_t clerk = 0; clerk < clerks; ++clerk)
      threads.emplace_back([&] {
        for (std::int64_t i = 0; i < each; ++i) observe("ticket", counter.sell(5));
        --at_work;
      });
    while (at_work > 0) {
      const Totals books = counter.totals();
      if (books.takings != 5 * books.sold) observe("half_a_sale", books.sold);
      std::this_thread::sleep_for(200us);
    }
  }
  for (const std::int64_t ticket : printed) observe("printed", ticket);
  observe_books(counter);
}

PROBE(device_fails)
{
  bool fail_print = false;
  bool fail_ring = false;
  Counter counter(50, {.print =
                           [&](std::int64_t) {
                             if (fail_print) throw std::runtime_error("no paper");
                           },
                       .ring =
                           [&](std::int64_t) {
                             if (fail_ring) throw std::runtime_error("the drawer sticks");
                           }});
  const auto attempt = [&](std::int64_t price) {
    try {
      observe("ticket", counter.sell(price));
    } catch (const std::runtime_error& error) {
      observe("ticket", error.what());
    }
  };
  for (const std::int64_t price : request.numbers) attempt(price);
  fail_print = true;
  attempt(1000);
  fail_print = false;
  fail_ring = true;
  attempt(1000);
  fail_ring = false;
  {
    std::jthread another([&] { attempt(1); });  // a lock that was left locked holds this one up
  }
  observe_books(counter);
}

PROBE(proof)
{
  const std::string found = find_race(
      [&](std::int64_t seats, Devices devices) { return named(request.word, seats, devices); });
  observe("found", found.empty() ? "nothing" : found);
}

PROBE(proof_of_yours)
{
  std::vector<std::shared_ptr<Counter>> all;
  const std::string found = find_race([&](std::int64_t seats, Devices devices) -> Desk {
    auto counter = std::make_shared<Counter>(seats, std::move(devices));
    return {.sell = [counter](std::int64_t price) { return counter->sell(price); },
            .totals = [counter] { return counter->totals(); }};
  });
  observe("found", found.empty() ? "nothing" : found);
}

// BEGIN HIDDEN TESTS
PROBE(moves_both_ways)
{
  std::unique_ptr<Intruder> back;
  std::atomic<bool> trap{false};
  std::atomic<bool> slow{false};  // then whoever has both locks keeps the others waiting for them
  Counter* one_there = nullptr;
  Counter* other_there = nullptr;
  const auto ring = [&](std::int64_t) {
    if (slow) std::this_thread::sleep_for(20us);
    if (!trap.exchange(false)) return;
    back = std::make_unique<Intruder>([&] { move_takings(*other_there, *one_there, 1); });
    back->wait_until_done_or_asleep();
  };
  Counter one(10'000, {.print = [](std::int64_t) {}, .ring = ring});
  Counter other(10'000, {.print = [](std::int64_t) {}, .ring = ring});
  one_there = &one;
  other_there = &other;
  one.sell(1000);
  other.sell(1000);
  trap = true;
  move_takings(one, other, request.numbers.at(0));
  back.reset();
  observe("after_two", one.totals().takings);
  slow = true;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 6; ++thread)
      threads.emplace_back([&, there = thread % 2 == 0] {
        for (std::int64_t i = 0; i < request.numbers.at(1); ++i)
          there ? move_takings(one, other, 1) : move_takings(other, one, 1);
      });
  }
  observe("after_many", one.totals().takings);
  move_takings(one, one, 5);
  observe("to_itself", one.totals().takings);
  observe("of_both", totals_of_both(one, other).takings);
}

PROBE(both_in_a_move)
{
  std::unique_ptr<Intruder> reader;
  std::atomic<bool> trap{false};
  Counter* one_there = nullptr;
  Counter* other_there = nullptr;
  const auto ring = [&](std::int64_t) {
    if (!trap) return;
    if (reader) reader->wait_until_done_or_asleep();
    if (reader && !reader->done()) return;
    reader = std::make_unique<Intruder>(
        [&] { observe("of_both", totals_of_both(*one_there, *other_there).takings); });
    reader->wait_until_done_or_asleep();
  };
  Counter one(100, {.print = [](std::int64_t) {}, .ring = ring});
  Counter other(100, {.print = [](std::int64_t) {}, .ring = ring});
  one_there = &one;
  other_there = &other;
  one.sell(request.numbers.at(0));
  other.sell(request.numbers.at(1));
  trap = true;
  move_takings(one, other, request.numbers.at(2));
  trap = false;
  reader.reset();
  observe("one", one.totals().takings);
  observe("other", other.totals().takings);
}

PROBE(two_counters)
{
  Counter elsewhere(10, no_devices());
  std::unique_ptr<Intruder> there;
  std::unique_ptr<Intruder> here;
  std::atomic<bool> trap{true};
  Counter* counter_there = nullptr;
  Counter counter(10, {.print =
                           [&](std::int64_t) {
                             if (!trap.exchange(false)) return;
                             there = std::make_unique<Intruder>([&] { elsewhere.sell(3); });
                             there->wait_until_done_or_asleep();
                             observe("at_the_other", there->done() ? "sold meanwhile" : "held up");
                             here = std::make_unique<Intruder>([&] { counter_there->sell(3); });
                             here->wait_until_done_or_asleep();
                             observe("at_this", here->done() ? "sold meanwhile" : "held up");
                           },
                       .ring = [](std::int64_t) {}});
  counter_there = &counter;
  counter.sell(3);
  here.reset();
  there.reset();
  observe_books(counter);
}

PROBE(many_sales)
{
  const std::int64_t sales = request.numbers.at(0);
  Counter counter(sales, no_devices());
  std::int64_t seen = 0;
  for (std::int64_t i = 0; i < sales; ++i) {
    counter.sell(2);
    seen += counter.totals().takings;
  }
  observe("seen", seen);
  observe_books(counter);
}
// END HIDDEN TESTS
