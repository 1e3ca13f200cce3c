// What runs now, and how long it will take: on stderr, and only where a person looks at it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/units.hpp"

namespace two_cakes {

/// One line that is written over and over: "[ 3/27] matrix/threads/work:io/jobs:64, about 12 s
/// left". Silent where stderr is no terminal. One thread.
class Progress {
 public:
  explicit Progress(std::size_t total);

  /// A series begins. Google Benchmark calls a series more than once while it looks for the number
  /// of iterations: the same name in a row counts once.
  void begin(std::string_view name);

  /// Takes the line off the screen, so that something else can be printed.
  void clear() const;

 private:
  bool visible_;
  std::size_t total_;
  std::size_t begun_ = 0;
  std::string current_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace two_cakes
