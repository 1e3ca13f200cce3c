// A thread that is joined at the end of its scope, and a failure to start it that names the limit.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {

/// Starts `work` on a thread. Throws SyscallError where none can be had.
template <class Work>
std::jthread in_background(Work work)
{
  try {
    return std::jthread(std::move(work));
  } catch (const std::system_error& error) {
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
}

}  // namespace two_cakes
