#include "proof.hpp"

// BEGIN SOLUTION
#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <thread>
#include <vector>

namespace {

constexpr int kClerks = 4;
constexpr std::int64_t kSalesEach = 60;
constexpr std::int64_t kPrice = 7;

/// What all threads of one trial have seen wrong so far.
struct Trial {
  std::atomic<int> at_the_printer{0};
  std::atomic<std::int64_t> last_printed{0};
  std::atomic<bool> printed_together{false};
  std::atomic<bool> printed_out_of_order{false};
  std::atomic<bool> torn{false};
  std::vector<std::vector<std::int64_t>> tickets{kClerks};  // of each clerk, who alone writes there

  /// Devices that watch, and that keep the window open: whoever is in a sale lets others run.
  Devices devices()
  {
    const auto hold_open = [] { std::this_thread::sleep_for(std::chrono::microseconds(20)); };
    return {.print =
                [this, hold_open](std::int64_t ticket) {
                  if (++at_the_printer > 1) printed_together = true;
                  if (last_printed.exchange(ticket) != ticket - 1) printed_out_of_order = true;
                  hold_open();
                  --at_the_printer;
                },
            .ring = [hold_open](std::int64_t) { hold_open(); }};
  }
};

/// All clerks sell as fast as they can, from the same moment on, while a reader looks at the books.
void sell_at_once(const Desk& desk, Trial& trial)
{
  std::barrier together(kClerks + 1);
  std::atomic<int> clerks_at_work{kClerks};
  std::vector<std::jthread> threads;
  for (int clerk = 0; clerk < kClerks; ++clerk)
    threads.emplace_back([&, clerk] {
      together.arrive_and_wait();
      for (int i = 0; i < kSalesEach; ++i) trial.tickets[clerk].push_back(desk.sell(kPrice));
      --clerks_at_work;
    });
  threads.emplace_back([&] {
    together.arrive_and_wait();
    while (clerks_at_work > 0) {
      const Totals seen = desk.totals();
      if (seen.takings != seen.sold * kPrice) trial.torn = true;
      std::this_thread::sleep_for(std::chrono::microseconds(10));
    }
  });
}

/// What is wrong after all clerks have asked for their tickets, of which there were `seats`.
std::string judge(const Desk& desk, Trial& trial, std::int64_t seats)
{
  std::vector<std::int64_t> sold;
  for (const auto& of_one : trial.tickets) sold.insert(sold.end(), of_one.begin(), of_one.end());
  std::erase(sold, 0);
  std::sort(sold.begin(), sold.end());
  const std::int64_t expected = std::min(seats, kClerks * kSalesEach);
  const auto count = static_cast<std::int64_t>(sold.size());
  if (count > seats) return "more tickets were sold than there are seats";
  if (std::adjacent_find(sold.begin(), sold.end()) != sold.end())
    return "two tickets have the same number";
  if (count != expected || (count > 0 && sold.back() != expected))
    return "a number is missing among the tickets";
  const Totals books = desk.totals();
  if (books.sold != expected) return "the books don't count all tickets";
  if (books.takings != expected * kPrice) return "the money isn't what the tickets cost";
  if (trial.torn) return "the books were seen with a sale half entered";
  if (trial.printed_together) return "two tickets were in the printer at once";
  if (trial.printed_out_of_order) return "tickets were printed out of order";
  return "";
}

}  // namespace
// END SOLUTION

std::string find_race(const OpenDesk& open)
{
  // BEGIN SOLUTION
  // STUB: (void)open;
  // STUB: return "";
  // With a seat for everybody, then with too few: the last ticket is a race of its own.
  for (const std::int64_t seats :
       {kClerks * kSalesEach, kClerks * kSalesEach / 3, std::int64_t{1}}) {
    Trial trial;
    const Desk desk = open(seats, trial.devices());
    sell_at_once(desk, trial);
    if (std::string wrong = judge(desk, trial, seats); !wrong.empty()) return wrong;
  }
  return "";
  // END SOLUTION
}
