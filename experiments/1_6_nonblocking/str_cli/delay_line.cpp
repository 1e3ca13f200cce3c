#include "delay_line.hpp"

namespace two_cakes {

void DelayLine::put(std::string_view bytes, Clock::time_point now)
{
  if (bytes.empty()) return;
  parcels_.push_back({now + delay_, std::string(bytes)});
  size_ += bytes.size();
}

void DelayLine::end(Clock::time_point now) { end_ = now + delay_; }

std::string_view DelayLine::out(Clock::time_point now) const
{
  if (parcels_.empty() || parcels_.front().due > now) return {};
  return std::string_view(parcels_.front().bytes).substr(taken_);
}

void DelayLine::take(std::size_t bytes)
{
  taken_ += bytes;
  size_ -= bytes;
  if (taken_ < parcels_.front().bytes.size()) return;
  parcels_.pop_front();
  taken_ = 0;
}

bool DelayLine::ended(Clock::time_point now) const { return parcels_.empty() && end_ <= now; }

Clock::time_point DelayLine::next() const { return parcels_.empty() ? end_ : parcels_.front().due; }

}  // namespace two_cakes
