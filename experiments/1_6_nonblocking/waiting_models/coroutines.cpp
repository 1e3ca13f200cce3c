// coroutines: the same loop, and a client reads from top to bottom, as a thread would serve it:
// where that one would block, this one waits, and the loop serves the others.
#include "tasks/coroutine.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/errors.hpp"
#include "models.hpp"
#include "wait/completion.hpp"

namespace two_cakes {
namespace {

/// Echoes what is there, and returns what the client doesn't take now; nothing at its end.
std::optional<std::string> echo_some(Stream& client)
{
  std::array<char, kBufferBytes> buffer;  // not the client's: who waits needs none
  const std::optional<std::size_t> count = try_read(client, buffer);
  if (count == std::size_t{0}) return std::nullopt;
  const std::string_view bytes(buffer.data(), count.value_or(0));
  return std::string(bytes.substr(bytes.empty() ? 0 : try_write(client, bytes)));
}

Task<void> echo_until_end(Stream client)
{
  try {
    for (;;) {
      co_await readable(client);
      const std::optional<std::string> unsent = echo_some(client);
      if (!unsent) co_return;
      if (!unsent->empty()) co_await write_all(client, *unsent);
    }
  } catch (const SyscallError&) {
    // It broke off: its own matter.
  }
}

Task<void> accept_all(Stream listener)
{
  for (;;) {
    Stream client = co_await accept(listener);
    listener.loop().spawn(echo_until_end(std::move(client)));
  }
}

void serve_on(EventLoop& loop, const Server& server)
{
  loop.spin_before_sleeping(server.spin);
  loop.run_until_complete(accept_all(Stream(loop, UniqueFd(server.listener))));
}

}  // namespace

void serve_coroutines(const Server& server)
{
  EventLoop loop;
  serve_on(loop, server);
}

// The same coroutines, on a loop that lets the kernel do the receiving and sending.
void serve_coroutines_io_uring(const Server& server)
{
  EventLoop loop(make_completion("io_uring"));
  serve_on(loop, server);
}

}  // namespace two_cakes
