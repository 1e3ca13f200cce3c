// The three measurements of slow_server_check. Each blocks until it is done.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace two_cakes::slow_server_check {

/// How late answers were, in milliseconds; negative is early.
struct Lateness {
  std::vector<double> sorted_ms;
  [[nodiscard]] double percentile(double percent) const;  // 50 is the median, 100 the greatest
};

/// One connection asks `requests` times, one after the other; nobody else is there.
Lateness measure_idle(std::uint16_t port, std::size_t requests, std::chrono::nanoseconds delay);

/// `connections` are opened, then each asks once. The asking is spread over `spread`, which is
/// less than `delay`, so that all of them wait at once before the first answer is due.
Lateness measure_crowd(std::uint16_t port, std::size_t connections, std::chrono::nanoseconds delay,
                       std::chrono::nanoseconds spread);

/// `clients` connect at once, ask, and close when they have their answers; returns the
/// milliseconds from the first connect to the last answer.
double measure_rush(std::uint16_t port, std::size_t clients, std::chrono::nanoseconds delay);

// All throw std::runtime_error (std::system_error is one) for a broken connection or a wrong
// answer, and when nothing happens for so long that an answer must have been lost.

}  // namespace two_cakes::slow_server_check
