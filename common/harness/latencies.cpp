#include "harness/latencies.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace two_cakes {
namespace {

struct Percentile {
  const char* name;
  double percent;
};
constexpr std::array kPercentiles{Percentile{"p50_ms", 50}, Percentile{"p90_ms", 90},
                                  Percentile{"p99_ms", 99}, Percentile{"p99_9_ms", 99.9},
                                  Percentile{"max_ms", 100}};

double nearest_rank(std::vector<double> values, double percent)
{
  if (values.empty()) return 0;
  // A little less, or 99.9 % of 1,000 would come out above 999: 99.9 has no exact double.
  const double exact_rank = percent * static_cast<double>(values.size()) / 100 - 1e-9;
  const auto rank = static_cast<std::ptrdiff_t>(std::ceil(exact_rank));
  const auto position = values.begin() + std::max<std::ptrdiff_t>(rank - 1, 0);
  std::nth_element(values.begin(), position, values.end());
  return *position;
}

}  // namespace

void Latencies::add(Clock::time_point intended, Clock::time_point started,
                    Clock::time_point finished)
{
  from_intended_.push_back(to_milliseconds(finished - intended));
  from_started_.push_back(to_milliseconds(finished - started));
  open_loop_ = open_loop_ || intended != started;
}

void Latencies::merge(const Latencies& other)
{
  from_intended_.insert(from_intended_.end(), other.from_intended_.begin(),
                        other.from_intended_.end());
  from_started_.insert(from_started_.end(), other.from_started_.begin(), other.from_started_.end());
  open_loop_ = open_loop_ || other.open_loop_;
}

double Latencies::percentile_ms(double percent) const
{
  return nearest_rank(from_intended_, percent);
}

std::vector<std::pair<std::string, double>> Latencies::counters() const
{
  std::vector<std::pair<std::string, double>> result;
  if (from_intended_.empty()) return result;
  for (const auto& [name, percent] : kPercentiles) {
    result.emplace_back(name, nearest_rank(from_intended_, percent));
    if (open_loop_)
      result.emplace_back(std::string("service_") + name, nearest_rank(from_started_, percent));
  }
  return result;
}

}  // namespace two_cakes
