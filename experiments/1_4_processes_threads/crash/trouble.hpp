// The ways in which a part of a program ends badly.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/unique_fd.hpp"

namespace two_cakes {

enum class Trouble {
  kSegfault,   // writes where it may not
  kKilled,     // is killed from outside, as the kernel does when memory is short
  kRunsAway,   // computes without end, until somebody loses patience
  kUsesUpCpu,  // the same, until its limit on CPU time ends it
  kLeaks,      // takes memory without end, until its limit on memory ends it
};

/// "segfault" and so on.
const char* name_of(Trouble trouble);

/// What the one in trouble says of itself, at the last moment.
struct LastWords {
  std::int64_t said_at_ns = 0;  // on Clock
  pid_t thread = 0;             // its thread id, which for a process with one thread is its own
};

/// In a child that is there for it, on any thread: sets the limit that is to end the trouble,
/// writes LastWords to `report`, and gets into it. Never returns; a leak ends in std::bad_alloc. No
/// core is written, and nothing is said on stderr any more.
[[noreturn]] void get_into(Trouble trouble, const UniqueFd& report);

}  // namespace two_cakes
