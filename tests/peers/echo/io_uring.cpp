// io_uring by hand: one order accepts all clients, one order for each client receives for ever into
// buffers that the kernel takes from a ring when bytes arrive, and sends go in together, once a
// turn. Few buffers, so that they stay in the core's cache: each is lent for one turn only.
#include <fcntl.h>
#include <liburing.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../listen.hpp"

namespace {

constexpr unsigned kBuffers = 512;
constexpr std::size_t kLentBytes = 2048;
constexpr std::size_t kMostUnsent = 256 * 1024;
enum Kind : std::uint64_t { kReceive = 0, kSend = 1, kCancel = 2, kKinds = 7 };

struct alignas(8) Client {
  int fd = -1;
  int lent = -1;  // the buffer that is being sent, -1: `sending`
  std::size_t sending_bytes = 0;
  bool receives = false;
  bool sends = false;
  bool ended = false;   // its sending: the rest still goes out
  bool broken = false;  // nothing goes out any more
  std::string sending;  // the rare case: what it didn't take at once
  std::string unsent;
};

io_uring ring;
io_uring_buf_ring* lent_ring;
std::vector<char> lent_bytes(kBuffers* kLentBytes);
std::vector<Client*> starved;  // to receive again, once buffers are back

io_uring_sqe* order()
{
  io_uring_sqe* sqe = ::io_uring_get_sqe(&ring);
  for (; sqe == nullptr; sqe = ::io_uring_get_sqe(&ring)) ::io_uring_submit(&ring);
  return sqe;
}

void tag(io_uring_sqe* sqe, Client* client, Kind kind)
{
  ::io_uring_sqe_set_data64(sqe, reinterpret_cast<std::uint64_t>(client) | kind);
}

char* bytes_of(int lent) { return &lent_bytes[static_cast<std::size_t>(lent) * kLentBytes]; }

void give_back(int lent)
{
  ::io_uring_buf_ring_add(lent_ring, bytes_of(lent), kLentBytes, static_cast<unsigned short>(lent),
                          ::io_uring_buf_ring_mask(kBuffers), 0);
  ::io_uring_buf_ring_advance(lent_ring, 1);
}

void accept(int listener)
{
  io_uring_sqe* sqe = order();
  ::io_uring_prep_multishot_accept(sqe, listener, nullptr, nullptr, SOCK_CLOEXEC);
  tag(sqe, nullptr, kReceive);
}

void receive(Client& client)
{
  io_uring_sqe* sqe = order();
  ::io_uring_prep_recv_multishot(sqe, client.fd, nullptr, 0, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  tag(sqe, &client, kReceive);
  client.receives = true;
}

/// From a lent buffer it only tries (MSG_DONTWAIT): a client that doesn't take it must not keep it.
void send(Client& client, const char* bytes, std::size_t count, int lent)
{
  io_uring_sqe* sqe = order();
  const int flags = MSG_NOSIGNAL | (lent >= 0 ? MSG_DONTWAIT : MSG_WAITALL);
  ::io_uring_prep_send(sqe, client.fd, bytes, count, flags);
  tag(sqe, &client, kSend);
  client.lent = lent;
  client.sending_bytes = count;
  client.sends = true;
}

/// What comes next for a client with nothing on its way out.
void go_on(Client& client)
{
  if (client.sends) return;
  if (!client.unsent.empty() && !client.broken) {
    client.sending = std::exchange(client.unsent, {});
    return send(client, client.sending.data(), client.sending.size(), -1);
  }
  if (client.receives) return;
  if (!client.ended) return receive(client);
  std::erase(starved, &client);
  ::close(client.fd);
  delete &client;
}

void on_sent(Client& client, int result)
{
  const bool taken = result >= 0 && static_cast<std::size_t>(result) == client.sending_bytes;
  client.sends = false;
  if (!taken && client.lent >= 0 && (result >= 0 || result == -EAGAIN)) {
    const std::size_t sent = result < 0 ? 0 : static_cast<std::size_t>(result);
    client.unsent.insert(0, bytes_of(client.lent) + sent, client.sending_bytes - sent);
  } else if (!taken) {
    client.broken = client.ended = true;
    ::shutdown(client.fd, SHUT_RDWR);  // ends the receiving, too
  }
  if (client.lent >= 0) give_back(client.lent);
  go_on(client);
}

void on_received(Client& client, const io_uring_cqe& answer)
{
  client.receives = (answer.flags & IORING_CQE_F_MORE) != 0;
  if (answer.res > 0) {
    const int lent = static_cast<int>(answer.flags >> IORING_CQE_BUFFER_SHIFT);
    const auto count = static_cast<std::size_t>(answer.res);
    if (!client.sends && client.unsent.empty()) {
      send(client, bytes_of(lent), count, lent);
    } else {
      client.unsent.append(bytes_of(lent), count);
      give_back(lent);
      if (client.unsent.size() > kMostUnsent && client.receives) {
        io_uring_sqe* sqe = order();
        ::io_uring_prep_cancel64(sqe, reinterpret_cast<std::uint64_t>(&client) | kReceive, 0);
        tag(sqe, nullptr, kCancel);
      }
    }
  } else if (answer.res == -ENOBUFS) {
    return starved.push_back(&client);
  } else if (answer.res != -ECANCELED) {
    client.ended = true;
    client.broken = client.broken || answer.res < 0;
  }
  if (!client.receives && client.unsent.size() <= kMostUnsent) go_on(client);
}

void on_accepted(int listener, const io_uring_cqe& answer)
{
  if (answer.res >= 0) {
    auto* client = new Client;
    client->fd = answer.res;
    receive(*client);
  }
  if ((answer.flags & IORING_CQE_F_MORE) == 0) accept(listener);
}

void set_up()
{
  io_uring_params parameters{};
  parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
  parameters.cq_entries = 1 << 16;
  peers::check(::io_uring_queue_init_params(4096, &ring, &parameters), "io_uring_queue_init");
  void* memory = ::mmap(nullptr, kBuffers * sizeof(io_uring_buf), PROT_READ | PROT_WRITE,
                        MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  lent_ring = static_cast<io_uring_buf_ring*>(memory);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(lent_ring);
  registration.ring_entries = kBuffers;
  peers::check(::io_uring_register_buf_ring(&ring, &registration, 0), "io_uring_register_buf_ring");
  ::io_uring_buf_ring_init(lent_ring);
  for (unsigned lent = 0; lent < kBuffers; ++lent) give_back(static_cast<int>(lent));
}

}  // namespace

int main()
{
  const int listener = peers::listen_and_announce("io_uring");
  ::fcntl(listener, F_SETFL, 0);  // the ring waits, and not the socket
  set_up();
  accept(listener);
  for (;;) {
    ::io_uring_submit_and_wait(&ring, 1);
    unsigned head = 0, count = 0;
    io_uring_cqe* answer = nullptr;
    io_uring_for_each_cqe(&ring, head, answer)
    {
      ++count;
      auto* client = reinterpret_cast<Client*>(answer->user_data & ~std::uint64_t{kKinds});
      const auto kind = static_cast<Kind>(answer->user_data & kKinds);
      if (kind == kCancel) continue;
      if (client == nullptr) on_accepted(listener, *answer);
      else if (kind == kSend) on_sent(*client, answer->res);
      else on_received(*client, *answer);
    }
    ::io_uring_cq_advance(&ring, count);
    for (Client* client : std::exchange(starved, {}))
      if (!client->receives) receive(*client);
  }
}
