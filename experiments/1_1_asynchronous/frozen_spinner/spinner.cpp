#include "spinner.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace two_cakes {

Spinner::Spinner(Clock::duration interval, Draw draw) : interval_(interval), draw_(std::move(draw))
{
}

int Spinner::due_at(Clock::time_point when) const
{
  return static_cast<int>((when - start_) / interval_);
}

Clock::time_point Spinner::between_ticks_after(int ticks) const
{
  return time_of(due_at(Clock::now()) + ticks) + interval_ / 2;
}

void Spinner::tick_if_due()
{
  const auto now = Clock::now();
  if (now < next()) return;
  due_ = due_at(now);
  ++ticks_;
  longest_gap_ = std::max(longest_gap_, now - last_);
  last_ = now;
  if (draw_) draw_(*this);
}

void Spinner::turn_until(Clock::time_point when)
{
  while (next() <= when) {
    std::this_thread::sleep_until(next());
    tick_if_due();
  }
  std::this_thread::sleep_until(when);
}

}  // namespace two_cakes
