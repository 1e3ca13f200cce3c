// Ways to read the blocks of a regular file.
#pragma once

#include <functional>

#include "test_file.hpp"

namespace two_cakes {

/// Reads all `blocks` of `file`, each into its own buffer, and returns when they are there. Throws
/// SyscallError. What it needs (threads, a ring) was made before, and goes with it.
using ReadAll = std::function<void(const UniqueFd& file, std::vector<Block>& blocks)>;

// `pool_threads` is for those who have a pool. Skipped, with the reason, where this machine lacks
// the mechanism.

/// One after the other: each read waits for the disk.
ReadAll prepare_blocking(int pool_threads);
/// Asks poll before each read whether it would block.
ReadAll prepare_poll(int pool_threads);
/// Asks epoll; reading throws Skipped with epoll's own answer, EPERM.
ReadAll prepare_epoll(int pool_threads);
/// Threads wait in its place.
ReadAll prepare_thread_pool(int pool_threads);
/// The kernel is told of all of them at once.
ReadAll prepare_io_uring(int pool_threads);

/// Reads one block, blocking. Throws SyscallError; WrongAnswer where the file is shorter.
void read_block(const UniqueFd& file, Block& block);

}  // namespace two_cakes
