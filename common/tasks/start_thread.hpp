// A thread, or the reason why there is none.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

#include "base/errors.hpp"
#include "os/limits.hpp"

namespace two_cakes {

/// Runs `function` on a thread of its own, which the returned object joins at its end. Throws
/// SyscallError, naming the limit, where no thread can be had; those that were started before must
/// still come to their end.
template <class Function>
std::jthread start_thread(Function function)
{
  try {
    return std::jthread(std::move(function));
  } catch (const std::system_error& error) {
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
}

}  // namespace two_cakes
