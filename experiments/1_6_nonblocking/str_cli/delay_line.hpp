// A line so long that bytes need a while to come out at its other end.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>

#include "base/units.hpp"

namespace two_cakes {

/// Bytes come out in the order in which they went in, each `delay` later and never earlier; so does
/// the end of the stream. No input, no output, no waiting: whoever uses it brings the time.
class DelayLine {
 public:
  explicit DelayLine(std::chrono::nanoseconds delay) : delay_(delay) {}

  void put(std::string_view bytes, Clock::time_point now);
  /// Nothing more will be put.
  void end(Clock::time_point now);

  /// What has come out by `now` and wasn't taken yet; empty where nothing has. take() shortens it.
  [[nodiscard]] std::string_view out(Clock::time_point now) const;
  void take(std::size_t bytes);
  /// Whether everything has come out and was taken, the end too.
  [[nodiscard]] bool ended(Clock::time_point now) const;

  /// When the next thing comes out; time_point::max() where nothing is under way.
  [[nodiscard]] Clock::time_point next() const;
  /// Bytes that went in and weren't taken.
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Parcel {
    Clock::time_point due;
    std::string bytes;
  };

  std::chrono::nanoseconds delay_;
  std::deque<Parcel> parcels_;
  std::size_t taken_ = 0;  // of the first parcel
  std::size_t size_ = 0;
  Clock::time_point end_ = Clock::time_point::max();  // when the end comes out
};

}  // namespace two_cakes
