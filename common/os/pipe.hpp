// Pipes and pairs of connected local sockets, between processes of one machine.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"

namespace two_cakes {

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

/// A pipe, close-on-exec at both ends. Throws SyscallError (EMFILE where descriptors run out).
Pipe make_pipe();

/// Two connected stream sockets (AF_UNIX), close-on-exec: each end reads what the other writes.
std::pair<UniqueFd, UniqueFd> make_socket_pair();

/// Writes all of `bytes`, blocking. Throws SyscallError (EPIPE where the reader is gone: the caller
/// ignores SIGPIPE, or writes to a socket pair, where none is raised).
void write_all(const UniqueFd& fd, std::string_view bytes);

/// write(2), where EPIPE is told by the error alone: no SIGPIPE. For sockets send() has a flag for
/// that; here it takes two more system calls. A SIGPIPE of somebody else's stays pending.
ssize_t write_without_sigpipe(int fd, std::string_view bytes) noexcept;

/// Fills `buffer`, blocking. False where the stream ended before the first byte; an end in the
/// middle throws SyscallError (EPIPE): half a message is an error, none is an ending.
bool read_exactly(const UniqueFd& fd, std::span<char> buffer);

/// Reads until the end of the stream, blocking.
std::string read_to_end(const UniqueFd& fd);

}  // namespace two_cakes
