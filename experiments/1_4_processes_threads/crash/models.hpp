// Two parts of a program, side by side: one gets into trouble, the other is a bystander.
#pragma once

#include <chrono>

#include "trouble.hpp"
#include "watch.hpp"

namespace two_cakes {

struct Aftermath {
  End end;
  bool bystander_answers = false;  // asked after the end, by a parent who is well
};

// Each blocks until the one in trouble is reaped and nobody is left. Throws SyscallError, naming
// the limit, where processes or threads don't suffice.
Aftermath run_processes(Trouble trouble, std::chrono::milliseconds patience);  // each a child
Aftermath run_threads(Trouble trouble, std::chrono::milliseconds patience);    // both in one child

}  // namespace two_cakes
