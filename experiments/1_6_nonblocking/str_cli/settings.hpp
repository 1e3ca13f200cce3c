// What a user can change about str_cli, and what each sweep takes by default.
#pragma once

#include <chrono>

#include "harness/experiment.hpp"

namespace two_cakes {

/// The book's: from one side of the Atlantic to the other, in 1990s' networks.
inline constexpr std::chrono::microseconds kBooksRoundTrip{175'000};

struct Settings {
  int lines = 0;
  int scale = 0;  // so many times faster than in the book
  std::chrono::milliseconds deadline{600'000};

  [[nodiscard]] std::chrono::microseconds round_trip() const { return kBooksRoundTrip / scale; }

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where a round trip would have no length.
  void complete(const Experiment& experiment);
};

}  // namespace two_cakes
