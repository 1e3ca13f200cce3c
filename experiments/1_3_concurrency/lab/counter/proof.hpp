// A proof that a counter is safe to use from several threads: code that would find the race.
//
// This file is given. What you write is proof.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "counter.hpp"

/// One counter, whoever wrote it: yours, the one you were given, or one of the tests'.
struct Desk {
  std::function<std::int64_t(std::int64_t price)> sell;
  std::function<Totals()> totals;
};

/// Opens a new counter with so many seats and with the devices that you give it.
using OpenDesk = std::function<Desk(std::int64_t seats, Devices devices)>;

/// Uses counters that `open` makes, as many as it likes, from several threads. Returns "" where all
/// that it saw was as counter.hpp promises of sell() and totals(), and otherwise what was wrong, in
/// a sentence. Blocks for 5 seconds at the most (a sale may take a millisecond); all its threads
/// have ended when it returns.
std::string find_race(const OpenDesk& open);
