#include "coroutine_request.hpp"

#include <array>

#include "os/socket.hpp"

namespace two_cakes {
namespace {

/// The buffer is on the stack: in the coroutine it would be kept, 4 KiB for each that waits.
void receive(const UniqueFd& socket, HttpExchange& exchange)
{
  std::array<char, 4096> buffer;
  const auto count = read_some(socket, buffer);
  if (count) exchange.feed({buffer.data(), *count});
}

}  // namespace

Task<> wait_for_reply(const Target& target, const Job& job)
{
  const UniqueFd socket = start_connection_of(job, target);
  HttpExchange exchange = request_of(job, target);
  while (!exchange.unsent().empty()) {
    if (const auto count = write_some(socket, exchange.unsent())) exchange.sent(*count);
    else co_await ready_for(socket.get(), Ready::kWrite);
  }

  while (!exchange.finished()) {
    co_await ready_for(socket.get(), Ready::kRead);  // the answer isn't there yet: no use to try
    receive(socket, exchange);
  }
  check_reply(exchange, job, target);
}

}  // namespace two_cakes
