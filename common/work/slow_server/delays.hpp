// Delays: how long an answer waits when its request does not say so itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string_view>

namespace two_cakes::slow_server {

/// The longest delay that can be asked for.
inline constexpr std::chrono::hours kLongestDelay{1};

/// Reads a number of milliseconds such as "20" or "0.5", rounded up to whole nanoseconds.
/// Throws std::invalid_argument, saying what is wrong, for a text that is not a plain decimal
/// number, or is negative, not finite, or more than kLongestDelay. Never blocks.
std::chrono::nanoseconds parse_delay_ms(std::string_view text);

/// A distribution to draw delays from. The same description and seed give the same delays, in
/// the same order, on every machine: the formulas are here and not in the standard library,
/// whose distributions differ from one implementation to the next. For one thread.
class Delays {
 public:
  /// `description` is one of "20" or "fixed:20", "uniform:10:30", "exponential:20" (its mean);
  /// all in milliseconds. Throws std::invalid_argument, saying what is wrong.
  explicit Delays(std::string_view description, std::uint64_t seed = 1);

  /// The next delay, from 0 to kLongestDelay: an exponential one beyond that is cut off there.
  std::chrono::nanoseconds draw();

 private:
  enum class Shape { kFixed, kUniform, kExponential };

  double next_unit();  // uniform in [0, 1)

  Shape shape_ = Shape::kFixed;
  std::chrono::nanoseconds low_{};   // the fixed delay, the lower bound, or the mean
  std::chrono::nanoseconds high_{};  // the upper bound of a uniform delay
  std::mt19937_64 random_;
};

}  // namespace two_cakes::slow_server
