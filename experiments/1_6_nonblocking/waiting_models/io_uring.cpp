// io_uring: the kernel isn't asked who is ready, but told what to do, and says when it is done. A
// whole turn's orders go in with one system call. The price: a buffer belongs to the kernel from
// the order to the answer, so each client needs one of its own, also while it says nothing.
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "base/errors.hpp"
#include "models.hpp"

namespace two_cakes {
namespace {

struct Client {
  explicit Client(int fd) : socket(fd) {}
  UniqueFd socket;
  std::array<char, kBufferBytes> buffer;
};

class Ring {
 public:
  /// What stands beside a client's address in the answer of a send, which has failed then.
  static constexpr std::uint64_t kSendFailed = 1;

  Ring()
  {
    const int error = set_up(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
    if (error == 0 || (error == -EINVAL && set_up(0) == 0)) return;  // before Linux 6.1
    throw Skipped(std::string("io_uring_queue_init: ") + std::strerror(-error) +
                  " (is kernel.io_uring_disabled set, or a container's filter in force?)");
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() { ::io_uring_queue_exit(&ring_); }

  /// Accepts whoever comes: one order, many answers. They carry no client. After a failure (no
  /// descriptor left) with a pause, so that it isn't tried without end.
  void accept(int listener, bool after_failure)
  {
    static __kernel_timespec pause{.tv_sec = 0, .tv_nsec = 10'000'000};
    if (after_failure) {
      io_uring_sqe* timeout = order(2);
      ::io_uring_prep_timeout(timeout, &pause, 0, IORING_TIMEOUT_ETIME_SUCCESS);
      ::io_uring_sqe_set_data64(timeout, kNobody);
      timeout->flags |= IOSQE_IO_LINK;
    }
    io_uring_sqe* accept = order();
    ::io_uring_prep_multishot_accept(accept, listener, nullptr, nullptr, SOCK_CLOEXEC);
    ::io_uring_sqe_set_data(accept, nullptr);
  }

  /// Answers once something has come; POLL_FIRST, since nothing is there yet.
  void receive(Client& client)
  {
    io_uring_sqe* receive = order();
    ::io_uring_prep_recv(receive, client.socket.get(), client.buffer.data(), kBufferBytes, 0);
    receive->ioprio = IORING_RECVSEND_POLL_FIRST;
    ::io_uring_sqe_set_data(receive, &client);
  }

  /// Sends all of it, and then receives: linked, so that only the second one has to answer. Where
  /// the first one fails it does answer, and is the only one: the second is cancelled in silence.
  void send_then_receive(Client& client, int count)
  {
    io_uring_sqe* send = order(2);
    ::io_uring_prep_send(send, client.socket.get(), client.buffer.data(),
                         static_cast<std::size_t>(count), MSG_WAITALL | MSG_NOSIGNAL);
    ::io_uring_sqe_set_data64(send, reinterpret_cast<std::uint64_t>(&client) | kSendFailed);
    send->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
    receive(client);
  }

  /// Hands all orders in, waits for one answer at least, and gives all that are there to `handle`.
  template <class Handle>
  void turn(Handle handle)
  {
    const int submitted = ::io_uring_submit_and_wait(&ring_, 1);
    if (submitted < 0 && submitted != -EINTR && submitted != -EBUSY)
      throw SyscallError(-submitted, "io_uring_enter");
    unsigned head = 0, count = 0;
    io_uring_cqe* answer = nullptr;
    io_uring_for_each_cqe(&ring_, head, answer)
    {
      if (answer->user_data != kNobody) handle(*answer);
      ++count;
    }
    ::io_uring_cq_advance(&ring_, count);
  }

 private:
  static constexpr unsigned kOrders = 4096;
  static constexpr unsigned kAnswers = 1 << 16;  // more than can be on their way at once
  static constexpr std::uint64_t kNobody = ~0ull;

  int set_up(unsigned flags)
  {
    io_uring_params parameters{};
    parameters.flags = flags | IORING_SETUP_CQSIZE;
    parameters.cq_entries = kAnswers;
    return ::io_uring_queue_init_params(kOrders, &ring_, &parameters);
  }

  /// The next of `links` orders that belong together; those before them go in where there is no
  /// room, since links don't span system calls.
  io_uring_sqe* order(unsigned links = 1)
  {
    while (::io_uring_sq_space_left(&ring_) < links) ::io_uring_submit(&ring_);
    return ::io_uring_get_sqe(&ring_);
  }

  io_uring ring_{};
};

}  // namespace

void serve_io_uring(const Server& server)
{
  const int on = 1;  // accepted sockets inherit it
  ::setsockopt(server.listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Ring ring;
  ring.accept(server.listener, false);
  for (;;) {
    ring.turn([&](const io_uring_cqe& answer) {
      auto* client = reinterpret_cast<Client*>(answer.user_data & ~Ring::kSendFailed);
      if (client == nullptr) {
        if (answer.res >= 0) ring.receive(*new Client(answer.res));
        if ((answer.flags & IORING_CQE_F_MORE) == 0) ring.accept(server.listener, answer.res < 0);
      } else if (answer.res > 0 && (answer.user_data & Ring::kSendFailed) == 0) {
        ring.send_then_receive(*client, answer.res);
      } else {
        delete client;  // nothing of it is with the kernel any more
      }
    });
  }
}

}  // namespace two_cakes
