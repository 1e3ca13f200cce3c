// Ways from one side to the other, all with one contract. Each holds about 64 KiB on its way, or
// what the kernel gives.
#pragma once

#include "channel.hpp"

namespace two_cakes {

// Each makes both sides of a new link. Throws SyscallError, naming the limit.
Link link_by_pipe(std::size_t message_bytes);           // a pipe for each direction
Link link_by_unix_socket(std::size_t message_bytes);    // socketpair(2)
Link link_by_tcp(std::size_t message_bytes);            // 127.0.0.1
Link link_by_shared_memory(std::size_t message_bytes);  // a ring for each direction, and futexes
Link link_by_queue(std::size_t message_bytes);          // for two threads: a mutex, a condition

inline constexpr std::size_t kRoomBytes = 64 * 1024;  // as a pipe's, pipe(7)

}  // namespace two_cakes
