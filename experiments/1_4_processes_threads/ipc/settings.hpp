// What a user can change about ipc, and what each sweep takes by default.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/experiment.hpp"

namespace two_cakes {

struct Settings {
  std::string sizes_text;  // "100,4096"
  std::vector<std::size_t> message_bytes;
  int total_mib = 0;      // of large messages, in one iteration
  int most_messages = 0;  // of small ones

  /// Gives `experiment` the flags.
  void add_to(Experiment& experiment);
  /// Fills in what no flag has set. Throws UsageError where `sizes_text` is no list of sizes.
  void complete(const Experiment& experiment);

  /// How many messages of that size one iteration sends.
  [[nodiscard]] std::uint64_t messages_of(std::size_t bytes) const;
};

}  // namespace two_cakes
