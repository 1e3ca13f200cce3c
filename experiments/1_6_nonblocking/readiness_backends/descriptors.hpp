// Descriptors that nothing happens on.
#pragma once

#include <span>
#include <vector>

#include "base/unique_fd.hpp"

namespace two_cakes {

/// What is waited for: the last one is ready, the others aren't.
using Watched = std::span<const UniqueFd>;

/// Eventfds, as many as any series needs; they are kept for the next one.
class Descriptors {
 public:
  /// `count` of them, the last one ready. Raises the soft limit as far as it goes. Throws Skipped,
  /// naming the limit, where there can't be so many.
  Watched watched(int count);

 private:
  std::vector<UniqueFd> all_;
  int ready_ = -1;
};

}  // namespace two_cakes
