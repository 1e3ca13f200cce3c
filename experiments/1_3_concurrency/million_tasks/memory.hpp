// How much memory somebody takes, the kernel's records of it included.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace two_cakes {

/// What this process has resident now, with its page tables, in bytes. Reads /proc.
std::size_t own_memory_bytes();

/// What the process `pid` takes that others don't: its share of the pages that it has in common
/// with others (PSS), with its page tables, in bytes; 0 where it can't be seen. proc(5)
std::size_t share_of_process_bytes(pid_t pid);

/// The stacks that the kernel holds, one for each thread of the whole system, in bytes.
std::size_t kernel_stacks_bytes();

}  // namespace two_cakes
