// A limit of the machine is no failure of the program: what ran into one is skipped, with its name.
#pragma once

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {

/// Calls `function` and returns what it returns. A SyscallError behind which a limit stands (see
/// limit_behind()) becomes Skipped with the same text; all others pass.
template <class Function>
auto skip_at_a_limit(Function&& function)
{
  try {
    return function();
  } catch (const SyscallError& error) {
    if (limit_behind(error.code().value()).empty()) throw;
    throw Skipped(error.what());
  }
}

}  // namespace two_cakes
