// Units by name: a duration is a std::chrono duration until it is printed or charted.
#pragma once

#include <chrono>
#include <cstddef>

namespace two_cakes {

/// The clock of every measurement: monotonic, and the same in all processes of a machine.
using Clock = std::chrono::steady_clock;

using Seconds = std::chrono::duration<double>;
using Milliseconds = std::chrono::duration<double, std::milli>;

inline constexpr std::size_t kKibibyte = 1024;
inline constexpr std::size_t kMebibyte = 1024 * kKibibyte;

template <class Rep, class Period>
constexpr double to_seconds(std::chrono::duration<Rep, Period> duration)
{
  return Seconds(duration).count();
}

template <class Rep, class Period>
constexpr double to_milliseconds(std::chrono::duration<Rep, Period> duration)
{
  return Milliseconds(duration).count();
}

}  // namespace two_cakes
