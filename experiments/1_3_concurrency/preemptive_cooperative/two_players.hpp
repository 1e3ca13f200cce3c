// Two who hand a baton to and fro: two threads, or two processes.
#pragma once

#include <array>
#include <cstdint>

#include "base/units.hpp"
#include "os/affinity.hpp"
#include "os/child.hpp"
#include "os/shared.hpp"
#include "switches.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

/// The baton, and how often each has passed it on.
template <class Baton>
struct Table {
  Baton baton;
  std::array<long, 2> passes{};
};

inline constexpr int kWarmUp = 10;  // rounds before the clock starts

template <class Baton>
void play_rounds(Table<Baton>& table, std::uint32_t me, int rounds)
{
  for (; rounds > 0; --rounds) {
    table.baton.wait_for(me);
    ++table.passes[me];
    table.baton.pass_to(1 - me);
  }
}

/// Player 0's part, with the clock: from its own turn to its own turn again, so that both ways are
/// in it.
template <class Baton>
Played play_first(Table<Baton>& table, int rounds)
{
  play_rounds(table, 0, kWarmUp);
  table.baton.wait_for(0);
  table.baton.pass_to(0);
  const auto begin = Clock::now();
  play_rounds(table, 0, rounds);
  table.baton.wait_for(0);
  const auto end = Clock::now();
  return {table.passes[0] - kWarmUp, table.passes[1] - kWarmUp, to_seconds(end - begin)};
}

/// Both in this process.
template <class Baton>
Played play_in_threads(const Play& play)
{
  Table<Baton> table;
  const int rounds = play.hand_overs / 2;
  const ScopedPin here({play.core_a});
  const auto other = start_thread([&] {
    pin_this_thread({play.core_b});
    play_rounds(table, 1, kWarmUp + rounds);
  });
  return play_first(table, rounds);
}

/// The second in a child.
template <class Baton>
Played play_in_processes(const Play& play)
{
  Shared<Table<Baton>> table;
  const int rounds = play.hand_overs / 2;
  const ScopedPin here({play.core_a});
  Child other = Child::fork([&] {
    pin_this_thread({play.core_b});
    play_rounds(*table, 1, kWarmUp + rounds);
    return 0;
  });
  const Played played = play_first(*table, rounds);
  if (const ExitStatus status = other.wait(); !status.good())
    throw std::runtime_error("the second player ended with " + status.to_string());
  return played;
}

}  // namespace two_cakes
