#include "counter.hpp"

#include <utility>
// BEGIN SOLUTION
#include <mutex>
// END SOLUTION

// Right for one clerk, and wrong for two. Find out where, and mend it.
struct Counter::State {
  std::int64_t seats = 0;
  Devices devices;
  std::int64_t sold = 0;
  std::int64_t takings = 0;
  // BEGIN SOLUTION
  mutable std::mutex mutex;  // of the books and the devices: held for a whole sale
  // END SOLUTION
};

Counter::Counter(std::int64_t seats, Devices devices) : state_(std::make_unique<State>())
{
  state_->seats = seats;
  state_->devices = std::move(devices);
}

Counter::~Counter() = default;

std::int64_t Counter::sell(std::int64_t price)
{
  // BEGIN SOLUTION
  // STUB: if (state_->sold == state_->seats) return 0;
  // STUB: const std::int64_t ticket = state_->sold + 1;
  // STUB: state_->devices.print(ticket);
  // STUB: state_->sold = ticket;
  // STUB: state_->devices.ring(price);
  // STUB: state_->takings += price;
  // STUB: return ticket;
  const std::lock_guard lock(state_->mutex);
  if (state_->sold == state_->seats) return 0;
  const std::int64_t ticket = state_->sold + 1;
  state_->devices.print(ticket);
  state_->devices.ring(price);
  // The books come last: nothing can fail any more, so they need not be put right again.
  state_->sold = ticket;
  state_->takings += price;
  return ticket;
  // END SOLUTION
}

Totals Counter::totals() const
{
  // BEGIN SOLUTION
  // STUB: return {state_->sold, state_->takings};
  const std::lock_guard lock(state_->mutex);
  return {state_->sold, state_->takings};
  // END SOLUTION
}

void move_takings(Counter& from, Counter& to, std::int64_t amount)
{
  // BEGIN SOLUTION
  // STUB: from.state_->takings -= amount;
  // STUB: from.state_->devices.ring(-amount);
  // STUB: to.state_->takings += amount;
  // STUB: to.state_->devices.ring(amount);
  if (&from == &to) return;
  // One after the other could wait for each other for ever; scoped_lock takes both or none.
  const std::scoped_lock both(from.state_->mutex, to.state_->mutex);
  from.state_->devices.ring(-amount);
  to.state_->devices.ring(amount);
  from.state_->takings -= amount;
  to.state_->takings += amount;
  // END SOLUTION
}

Totals totals_of_both(const Counter& one, const Counter& other)
{
  // BEGIN SOLUTION
  // STUB: const Totals first = one.totals();
  // STUB: const Totals second = other.totals();
  // STUB: return {first.sold + second.sold, first.takings + second.takings};
  const std::scoped_lock both(one.state_->mutex, other.state_->mutex);
  return {one.state_->sold + other.state_->sold, one.state_->takings + other.state_->takings};
  // END SOLUTION
}
