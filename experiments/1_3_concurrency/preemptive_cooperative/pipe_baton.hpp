// A turn that is handed over by a byte in a pipe: whoever reads an empty pipe sleeps. pipe(7)
#pragma once

#include <array>
#include <cerrno>
#include <cstdint>

#include "base/errors.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

/// The turn of one of two players, 0 or 1; player 0 begins. Works between threads and processes.
class PipeBaton {
 public:
  PipeBaton() { pass_to(0); }

  /// Blocks until it is the turn of `player`.
  void wait_for(std::uint32_t player)
  {
    char byte = 0;
    if (!read_exactly(to_[player].read_end, {&byte, 1}))
      throw SyscallError(EPIPE, "read", "the other player is gone");
  }

  /// Gives the turn to `player`, and wakes it if it sleeps.
  void pass_to(std::uint32_t player) { write_all(to_[player].write_end, "x"); }

 private:
  std::array<Pipe, 2> to_{make_pipe(), make_pipe()};
};

}  // namespace two_cakes
