// coroutines: the same loop, and a client reads from top to bottom, as a thread would serve it:
// where that one would block, this one waits, and the loop serves the others.
#include "tasks/coroutine.hpp"

#include <optional>
#include <string>
#include <string_view>

#include "base/errors.hpp"
#include "models.hpp"
#include "wait/completion.hpp"

namespace two_cakes {
namespace {

Task<void> echo_until_end(Stream client)
{
  try {
    for (;;) {
      co_await readable(client);
      const std::optional<std::string_view> bytes = try_read(client);  // who waits has no buffer
      if (!bytes) continue;
      if (bytes->empty()) co_return;  // the end
      const std::string unsent(bytes->substr(try_write(client, *bytes)));
      if (!unsent.empty()) co_await write_all(client, unsent);
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
