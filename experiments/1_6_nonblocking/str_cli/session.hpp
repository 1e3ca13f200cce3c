// What a client works on: its input and output are files in memory, in place of a terminal's.
#pragma once

#include <sys/time.h>

#include <string>

#include "base/unique_fd.hpp"
#include "os/endpoint.hpp"
#include "os/socket.hpp"

namespace two_cakes {

struct Session {
  UniqueFd socket;  // connected, and blocking
  UniqueFd input;   // the lines, from the first on
  UniqueFd output;  // empty
  Clock::time_point deadline;
};

/// So many lines of some 50 bytes, each different.
std::string make_lines(int count);

/// Connects to `server`, and lays out `lines`. Throws SyscallError.
Session open_session(const Endpoint& server, const std::string& lines, Clock::time_point deadline);

/// Everything that was written to the output.
std::string output_of(const Session& session);

/// Reads a part of the input: at most `buffer.size()` bytes, 0 at its end.
std::size_t read_input(const Session& session, std::span<char> buffer);

/// How long select may wait. Throws SyscallError (ETIMEDOUT) where the deadline has passed.
timeval time_left(const Session& session);

/// Copies all of the input to the server, and then says that this was all. Blocks.
void send_input(const Session& session);
/// Copies to the output what comes back, until the server ends the stream. Blocks.
void receive_output(const Session& session);
/// Says that nothing more will be sent; what is on its way still arrives.
void end_sending(const Session& session);

}  // namespace two_cakes
