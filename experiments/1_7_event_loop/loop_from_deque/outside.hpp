// The world outside of the loop: a thread that sends something now and then.
#pragma once

#include <functional>
#include <optional>
#include <thread>

#include "base/unique_fd.hpp"
#include "load.hpp"

namespace two_cakes {

/// Calls `send` for each of the load's events, on a thread of its own, a period after the other;
/// with the note that is sent. Returns the thread, which its destructor joins. Throws SyscallError,
/// naming the limit, where no thread can be had.
std::jthread send_from_outside(const Load& load, std::function<void(const Note&)> send);

/// Two ends of a connection whose first one, the loop's, never blocks.
std::pair<UniqueFd, UniqueFd> make_connection();
/// Writes a note to the outer end.
void send_note(const UniqueFd& socket, const Note& note);
/// Reads a note from the loop's end, or nothing where none has come. Never blocks.
std::optional<Note> receive_note(const UniqueFd& socket);
/// Whether reading from `fd` wouldn't block. Only asks, and doesn't wait.
bool can_read(int fd);

}  // namespace two_cakes
