// TCP sockets, blocking and non-blocking. "Would block" and "still connecting" are values, not
// errors.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "os/endpoint.hpp"

namespace two_cakes {

/// A listening socket on `endpoint` (SO_REUSEADDR set, so that a restart needn't wait).
/// Blocking; a caller who wants otherwise calls set_non_blocking(). Throws SyscallError.
UniqueFd listen_on(const Endpoint& endpoint, int backlog = 4096);

/// The address that a socket is bound to: after listening on port 0, the port that was given.
Endpoint local_endpoint(const UniqueFd& socket);

/// Turns the blocking of reads and writes off (or on again).
void set_non_blocking(const UniqueFd& socket, bool non_blocking = true);

/// Connects and blocks until connected. Small writes go out at once (TCP_NODELAY).
/// Throws SyscallError: ECONNREFUSED, or ETIMEDOUT after `deadline`.
UniqueFd connect_blocking(const Endpoint& endpoint, Clock::time_point deadline);

/// A non-blocking socket on its way to `endpoint`. Never blocks. Until it is connected, writing to
/// it "would block"; where connecting failed, the first write says why (ECONNREFUSED). So: try to
/// write, and wait only if that would block. Throws SyscallError (EMFILE names the limit).
/// TCP_NODELAY isn't set: the first write goes out at once without it, and one that follows an
/// answer; setting it takes 1 % of the time of a request.
UniqueFd start_connect(const Endpoint& endpoint);

/// Whether `socket` is connected by now. Over loopback it is as soon as start_connect() is over.
bool is_connected(const UniqueFd& socket);

/// Accepts one connection, close-on-exec, or nothing where accepting would block. The connection
/// blocks, unless it shall not: that costs no system call more.
std::optional<UniqueFd> accept_connection(const UniqueFd& listener, bool non_blocking = false);

/// Reads what is there, at most `buffer.size()` bytes: a count, 0 at the end of the stream, or
/// nothing where reading would block. Retries EINTR. Throws SyscallError (ECONNRESET and the like).
std::optional<std::size_t> read_some(const UniqueFd& socket, std::span<char> buffer);

/// Writes a part of `bytes`, at least one: how many, or nothing where writing would block. No
/// SIGPIPE.
std::optional<std::size_t> write_some(const UniqueFd& socket, std::string_view bytes);

/// Writes all of `bytes` to a blocking socket. Throws SyscallError; ETIMEDOUT after `deadline`.
void write_all_blocking(const UniqueFd& socket, std::string_view bytes, Clock::time_point deadline);

/// Reads at most `buffer.size()` bytes from a blocking socket, waiting until there are some; 0 at
/// the end of the stream. Throws SyscallError; ETIMEDOUT after `deadline`.
std::size_t read_some_blocking(const UniqueFd& socket, std::span<char> buffer,
                               Clock::time_point deadline);

}  // namespace two_cakes
