// A child process for each piece of work, all at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace two_cakes {

/// Forks `count` children, runs `work(i)` in the i-th, and returns the bytes that each sent home,
/// in order. Blocks until all have ended. Throws std::runtime_error, saying which child was lost
/// and how it ended; SyscallError where so many processes can't be had. Children die with the
/// calling thread.
std::vector<std::string> run_in_children(int count, const std::function<std::string(int)>& work);

}  // namespace two_cakes
