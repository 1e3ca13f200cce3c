#include "ticks.hpp"

namespace two_cakes {

Ticks::Ticks(EventLoop& loop, const Plan& plan) : loop_(loop), plan_(plan)
{
  ticks_.reserve(plan.ticks);
  set_next();
}

Clock::time_point Ticks::due(std::size_t tick) const
{
  return start_ + static_cast<std::int64_t>(tick + 1) * plan_.interval;
}

Clock::time_point Ticks::time_to_compute() const
{
  return due(plan_.ticks / 4) - plan_.interval / 2;
}

void Ticks::set_next()
{
  const auto when = due(ticks_.size());
  loop_.call_at(when, [this, when] {
    ticks_.push_back({when, Clock::now()});
    if (ticks_.size() < static_cast<std::size_t>(plan_.ticks)) set_next();
  });
}

}  // namespace two_cakes
