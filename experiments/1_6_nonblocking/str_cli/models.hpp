// Five designs of one client: it sends the lines of its input to the server, and writes what comes
// back to its output (str_cli of Stevens, "UNIX Network Programming", volume 1, section 16.2).
#pragma once

#include "session.hpp"

namespace two_cakes {

// Each returns once the server has ended the stream, after all of the input was sent and the end of
// it. Throws SyscallError (ETIMEDOUT after the session's deadline).

/// A line is sent, and its echo awaited, before the next one.
void run_stop_and_wait(const Session& session);
/// select says which of input and socket has something; reads and writes may block.
void run_select(const Session& session);
/// Nothing blocks: two buffers, and select for all descriptors, both ways.
void run_nonblocking(const Session& session);
/// A child copies what comes back, the parent what is sent.
void run_processes(const Session& session);
/// The same with a thread.
void run_threads(const Session& session);

}  // namespace two_cakes
