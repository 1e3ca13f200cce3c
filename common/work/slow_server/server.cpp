#include "server.hpp"

#include <fmt/format.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "connection.hpp"

namespace two_cakes::slow_server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int kBacklog = 4096;
constexpr int kAcceptsPerTurn = 64;  // then the timers get a turn
constexpr std::size_t kMostDeparted = 1024;
constexpr std::chrono::milliseconds kPauseWithoutDescriptors{10};

/// Accepts clients, as many per wake-up as there are, up to kAcceptsPerTurn.
class Listener {
 public:
  Listener(asio::io_context& io, const tcp::endpoint& endpoint, Delays delays)
      : io_(io),
        acceptor_(io),
        pause_(io),
        shared_{std::move(delays), {}}
  {
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.set_option(tcp::no_delay(true));  // the accepted sockets inherit it
    acceptor_.bind(endpoint);
    acceptor_.listen(kBacklog);
    acceptor_.non_blocking(true);
    wait_for_clients();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::vector<Socket>& departed() { return shared_.departed; }

 private:
  void wait_for_clients()
  {
    acceptor_.async_wait(tcp::acceptor::wait_read, [this](const error_code& error) {
      if (!error) accept_clients();
    });
  }

  void accept_clients()
  {
    for (int i = 0; i < kAcceptsPerTurn; ++i) {
      Socket socket(io_);
      error_code error;
      acceptor_.accept(socket, error);
      if (error == asio::error::would_block) break;
      if (error == asio::error::connection_aborted) continue;  // it left before it was accepted
      if (error) return pause();
      std::make_shared<Connection>(std::move(socket), shared_)->start();
    }
    wait_for_clients();
  }

  /// Out of descriptors or memory (EMFILE, ENFILE, ENOBUFS, ENOMEM): those who wait to be
  /// accepted stay in the backlog, and the listener would be ready again at once, and spin.
  void pause()
  {
    pause_.expires_after(kPauseWithoutDescriptors);
    pause_.async_wait([this](const error_code& error) {
      if (!error) accept_clients();
    });
  }

  asio::io_context& io_;
  asio::basic_socket_acceptor<tcp, Executor> acceptor_;
  Timer pause_;
  Shared shared_;
};

/// Runs `io` until it is stopped. The departed are closed when there is nothing else to do; one
/// after each event, if they become many.
void run(asio::io_context& io, std::vector<Socket>& departed)
{
  while (!io.stopped()) {
    const bool idle = departed.empty() ? io.run_one() == 0 : io.poll_one() == 0;
    if (!departed.empty() && (idle || departed.size() > kMostDeparted)) departed.pop_back();
  }
}

constexpr const char* kTooFewDescriptors =
    "too few descriptors (RLIMIT_NOFILE); allow more with ulimit -n 1024";

std::string reason_and_remedy(const error_code& error)
{
  if (error == asio::error::address_in_use) {
    return "the port is in use; choose another with --port (0 takes any free one)";
  }
  if (error == asio::error::access_denied) {
    return "ports below 1024 are for root; choose a higher one with --port";
  }
  if (error == asio::error::no_descriptors) return kTooFewDescriptors;
  return error.message() + "; choose another address with --host, such as 127.0.0.1";
}

void serve_at(const tcp::endpoint& endpoint, Delays delays,
              const std::function<void(std::uint16_t)>& listening)
{
  asio::io_context io(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);  // one thread: no locks
  asio::signal_set stop_signals(io, SIGTERM, SIGINT);
  stop_signals.async_wait([&io](const error_code&, int) { io.stop(); });
  Listener listener(io, endpoint, std::move(delays));
  listening(listener.port());
  run(io, listener.departed());
}

}  // namespace

void serve(const std::string& host, std::uint16_t port, Delays delays,
           const std::function<void(std::uint16_t)>& listening)
{
  error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    throw std::runtime_error(
        fmt::format("--host {}: not an IP address; give one such as 127.0.0.1 or ::1", host));
  }
  try {
    serve_at(tcp::endpoint{address, port}, std::move(delays), listening);
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error(fmt::format("cannot listen on {}: {}", address_text(host, port),
                                         reason_and_remedy(error.code())));
  }
}
std::string address_text(const std::string& host, std::uint16_t port)
{
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace two_cakes::slow_server
