// Tasks that the kernel switches between, in a ring: each sleeps until the one before it passes the
// turn on.
#pragma once

#include <array>
#include <cstdint>

#include "models.hpp"
#include "os/futex_baton.hpp"

namespace two_cakes {

/// May lie in memory that processes share. Rounds count from 1.
struct Ring {
  static constexpr int kMost = 10'000;

  std::array<FutexBaton, kMost> round_of;  // what each waits at for its next round
  std::array<long, kMost> turns{};
  Clock::time_point begin;
  Clock::time_point end;

  /// The first turn of all.
  void start() { round_of[0].pass_to(1); }

  /// The part of task `me`: blocks until it has had all its turns.
  void play(const Plan& plan, int me)
  {
    const bool last = me + 1 == plan.tasks;
    FutexBaton& next = round_of[last ? 0 : me + 1];
    for (std::uint32_t round = 1; round <= static_cast<std::uint32_t>(plan.rounds); ++round) {
      round_of[me].wait_for(round);
      if (me == 0 && round == 1) begin = Clock::now();
      ++turns[me];
      next.pass_to(last ? round + 1 : round);
    }
    if (me != 0) return;
    round_of[0].wait_for(plan.rounds + 1);
    end = Clock::now();
  }

  [[nodiscard]] Outcome outcome(int tasks) const
  {
    return {{turns.begin(), turns.begin() + tasks}, begin, end};
  }
};

}  // namespace two_cakes
