// The counter of a theatre: it sells tickets, each with a number, and keeps the money. Several
// clerks sell at it at once, each in a thread.
//
// This file is given. counter.cpp is yours to mend.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

/// What a sale needs beside the books. Both are slow, either may throw (no paper, a drawer that
/// sticks), and neither calls the counter.
struct Devices {
  std::function<void(std::int64_t ticket)> print;
  std::function<void(std::int64_t amount)> ring;  // the till; an amount below 0 is taken out
};

struct Totals {
  std::int64_t sold = 0;
  std::int64_t takings = 0;
};

/// All of it may be called from any thread at any time. One counter's business doesn't hold up
/// another's, but for what moves between the two.
class Counter {
 public:
  Counter(std::int64_t seats, Devices devices);
  ~Counter();
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  /// Sells a ticket: prints it, rings up its price, and enters both into the books. Returns its
  /// number, 1, 2, 3, ... without a gap; or 0 where all seats are sold, and then no device moves.
  /// Tickets come out of the printer one at a time, in the order of their numbers. If a device
  /// throws, that leaves sell(); nothing has been sold, and the next sale gets the number.
  std::int64_t sell(std::int64_t price);

  /// The books at one moment: `takings` is what just these `sold` tickets cost, plus and minus what
  /// was moved.
  [[nodiscard]] Totals totals() const;

  /// Moves money: rings it out at `from` and in at `to`, and enters it into both books. Nothing
  /// happens where both are the same.
  friend void move_takings(Counter& from, Counter& to, std::int64_t amount);

  /// The sum of the books of two counters, of one moment: no move is half done.
  friend Totals totals_of_both(const Counter& one, const Counter& other);

 private:
  struct State;
  std::unique_ptr<State> state_;
};
