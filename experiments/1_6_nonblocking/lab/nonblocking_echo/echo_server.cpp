// One thread, non-blocking sockets, epoll. A client is either read from or written to: its buffer
// is filled by one read, and is empty again before the next.
#include "echo_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <unordered_map>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"

using two_cakes::check_syscall;
using two_cakes::UniqueFd;

namespace {

/// What the server must remember of a client from one turn to the next.
struct Client {
  UniqueFd socket;
  // BEGIN SOLUTION
  std::array<char, 16 * 1024> kept;  // bytes [begin, end) have come, and must go back
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint32_t interest = EPOLLIN;

  [[nodiscard]] bool owes_nothing() const { return begin == end; }
  // END SOLUTION

  /// Whether a call that failed so may simply be made again, when epoll says that it's time.
  static bool is_not_yet(int error_number)
  {
    // BEGIN SOLUTION
    // STUB: (void)error_number;
    // STUB: return false;
    return error_number == EAGAIN || error_number == EWOULDBLOCK || error_number == EINTR;
    // END SOLUTION
  }

  /// Reads what was sent, as much as there is room for. False: there will be no more, as the client
  /// has ended its sending, or the connection is broken.
  bool receive()
  {
    // BEGIN SOLUTION
    // STUB: return false;
    const auto count = ::recv(socket.get(), kept.data(), kept.size(), 0);
    if (count == -1) return is_not_yet(errno);
    begin = 0;
    end = static_cast<std::size_t>(count);
    return count > 0;
    // END SOLUTION
  }

  /// Sends back what can be sent without waiting. False: the connection is broken.
  bool send_back()
  {
    // BEGIN SOLUTION
    // STUB: return false;
    // MSG_NOSIGNAL: a peer that is gone is an error of this call, not a SIGPIPE that ends us all.
    const auto count = ::send(socket.get(), kept.data() + begin, end - begin, MSG_NOSIGNAL);
    if (count == -1) return is_not_yet(errno);
    begin += static_cast<std::size_t>(count);
    return true;
    // END SOLUTION
  }

  /// Does all that can be done now. False: there is nothing more to do for this client, ever.
  bool take_turn()
  {
    // BEGIN SOLUTION
    // STUB: return false;
    // It is read from only when all has gone back: so when its end is read, nothing is owed.
    if (owes_nothing() && !receive()) return false;
    return owes_nothing() || send_back();
    // END SOLUTION
  }
};

}  // namespace

struct EchoServer::State {
  UniqueFd listener;
  UniqueFd epoll;
  std::uint16_t port = 0;
  std::unordered_map<int, Client> clients;  // by descriptor
  // BEGIN SOLUTION
  bool accepts = true;  // false: there was no free descriptor
  // END SOLUTION

  void listen();
  void watch(int operation, int fd, std::uint32_t events);
  void let_in(bool whether);
  void accept_clients();
  void serve_client(int fd);
};

/// Tells epoll (EPOLL_CTL_ADD, _MOD, _DEL) which events of `fd` end its wait.
void EchoServer::State::watch(int operation, int fd, std::uint32_t events)
{
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  check_syscall("epoll_ctl", ::epoll_ctl(epoll.get(), operation, fd, &event));
}

/// Makes the listening socket, at a free port of 127.0.0.1, and has it watched.
void EchoServer::State::listen()
{
  // BEGIN SOLUTION
  constexpr int kKind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  listener.reset(check_syscall("socket", ::socket(AF_INET, kKind, 0)));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  check_syscall("bind", ::bind(listener.get(), plain, size), "127.0.0.1");
  check_syscall("listen", ::listen(listener.get(), SOMAXCONN));
  check_syscall("getsockname", ::getsockname(listener.get(), plain, &size));
  port = ntohs(address.sin_port);
  watch(EPOLL_CTL_ADD, listener.get(), EPOLLIN);
  // END SOLUTION
}

/// Whether new clients are accepted, or left in the queue.
void EchoServer::State::let_in(bool whether)
{
  // BEGIN SOLUTION
  // STUB: (void)whether;
  if (accepts == whether) return;
  accepts = whether;
  // A listener that has somebody waiting stays readable, and would end every wait at once.
  watch(EPOLL_CTL_MOD, listener.get(), whether ? std::uint32_t{EPOLLIN} : 0);
  // END SOLUTION
}

/// Takes in who waits at the listener.
void EchoServer::State::accept_clients()
{
  // BEGIN SOLUTION
  // Not all at once: those who are in wait meanwhile, and epoll will report the rest.
  for (int turn = 0; turn < 64; ++turn) {
    UniqueFd socket{::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!socket && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
      return let_in(false);
    if (!socket) return;  // EAGAIN: nobody waits any more. The others tell of a client that is lost
    const int fd = socket.get();
    watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    clients[fd].socket = std::move(socket);
  }
  // END SOLUTION
}

/// Gives the client its turn, and has it watched for what it waits for now.
void EchoServer::State::serve_client(int fd)
{
  // BEGIN SOLUTION
  // STUB: (void)fd;
  auto& client = clients.at(fd);
  if (!client.take_turn()) {
    clients.erase(fd);  // closes the socket; epoll forgets what is closed
    return let_in(true);
  }
  // Nothing else: a socket can nearly always be written to, and an end can be read again and again.
  const std::uint32_t interest = client.owes_nothing() ? EPOLLIN : EPOLLOUT;
  if (client.interest == interest) return;
  client.interest = interest;
  watch(EPOLL_CTL_MOD, fd, interest);
  // END SOLUTION
}

EchoServer::EchoServer() : state_(std::make_unique<State>())
{
  state_->epoll.reset(check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC)));
  state_->listen();
}

EchoServer::~EchoServer() = default;

std::uint16_t EchoServer::port() const { return state_->port; }

void EchoServer::serve(int stop)
{
  // BEGIN SOLUTION
  // STUB: (void)stop;
  state_->watch(EPOLL_CTL_ADD, stop, EPOLLIN);
  std::array<epoll_event, 256> ready;
  for (;;) {
    const int patience_ms = state_->accepts ? -1 : 100;
    const int count = ::epoll_wait(state_->epoll.get(), ready.data(), ready.size(), patience_ms);
    if (count == -1 && errno == EINTR) continue;
    if (check_syscall("epoll_wait", count) == 0) state_->let_in(true);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[i].data.fd;
      if (fd == stop) return state_->watch(EPOLL_CTL_DEL, stop, 0);
      if (fd == state_->listener.get()) {
        state_->accept_clients();
      } else {
        state_->serve_client(fd);
      }
    }
  }
  // END SOLUTION
}
