// asio with coroutines. One thread runs the context, and asio is told so: it takes no locks.
// Errors come as values, so that a client's leaving costs no exception.
#include <array>
#include <asio.hpp>
#include <asio/experimental/as_tuple.hpp>

#include "../listen.hpp"

namespace {

using asio::ip::tcp;
constexpr auto use_values = asio::experimental::as_tuple(asio::use_awaitable);

asio::awaitable<void> echo(tcp::socket socket)
{
  std::array<char, peers::kBufferBytes> bytes;
  for (;;) {
    const auto [error, count] = co_await socket.async_read_some(asio::buffer(bytes), use_values);
    if (error) co_return;
    const auto [write_error, written] =
        co_await asio::async_write(socket, asio::buffer(bytes, count), use_values);
    if (write_error) co_return;
  }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor)
{
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(use_values);
    if (error) continue;
    std::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    co_spawn(acceptor.get_executor(), echo(std::move(socket)), asio::detached);
  }
}

}  // namespace

int main()
{
  asio::io_context context(ASIO_CONCURRENCY_HINT_UNSAFE);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  acceptor.listen(peers::kBacklog);
  peers::announce("asio_coroutines", acceptor.native_handle());
  co_spawn(context, listen(acceptor), asio::detached);
  context.run();
}
