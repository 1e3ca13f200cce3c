#include "work/echo_clients.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "base/units.hpp"
#include "os/limits.hpp"
#include "os/socket.hpp"
#include "os/stopped_time.hpp"
#include "os/usage.hpp"
#include "work/echo_payload.hpp"

namespace two_cakes {
namespace {

constexpr std::size_t kReceiveBytes = 256 * kKibibyte;
constexpr std::uint64_t kSpareDescriptors = 16;  // standard streams, epoll, libraries
constexpr int kEventsAtOnce = 512;

struct Client {
  UniqueFd socket;
  std::uint32_t number = 0;    // of the message that is on its way
  std::size_t sent_bytes = 0;  // of it
  std::size_t back_bytes = 0;
  bool waits_to_send = false;
  Clock::time_point began;
};

class Clients {
 public:
  explicit Clients(const EchoLoad& load);
  EchoFigures run();

 private:
  void connect_all();
  void begin_all();
  void talk_for(Clock::duration time);
  void turn(Clock::time_point deadline);
  int wait_until(Clock::time_point limit);
  void begin_message(std::size_t index, Clock::time_point now);
  void send_rest(std::size_t index);
  void receive(std::size_t index);
  void count_echo(std::size_t index);
  void leave(Client& client);
  void watch(int operation, std::size_t index, std::uint32_t interest);
  [[nodiscard]] double server_cpu_s() const;
  EchoFigures figures(double seconds, double cpu_s);

  const EchoLoad& load_;
  EchoPayload payload_;
  UniqueFd epoll_;
  std::vector<Client> clients_;
  std::vector<char> received_;
  std::vector<double> latencies_ms_;
  std::array<epoll_event, kEventsAtOnce> events_;
  Clock::time_point last_echo_;
  int present_ = 0;
};

Clients::Clients(const EchoLoad& load)
    : load_(load),
      payload_(load.payload_bytes),
      epoll_(check_syscall("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC))),
      clients_(static_cast<std::size_t>(load.clients)),
      received_(std::min(load.payload_bytes, kReceiveBytes))
{
  latencies_ms_.reserve(1 << 20);
}

EchoFigures Clients::run()
{
  connect_all();
  if (load_.messages_each == 0) {
    begin_all();
    talk_for(load_.warm_up);
    latencies_ms_.clear();
    if (load_.stop_when_warm) ::raise(SIGTSTP);
  }
  const double cpu_before_s = server_cpu_s();
  const auto start = running_time();
  if (load_.messages_each == 0) {
    talk_for(load_.duration);
  } else {
    begin_all();
    while (present_ > 0) turn(Clock::time_point::max());
  }
  const double seconds = to_seconds(running_time() - start);
  const double cpu_s = server_cpu_s() - cpu_before_s;
  for (Client& client : clients_) leave(client);
  return figures(seconds, cpu_s);
}

// A server that accepts nobody yet (one at a time) doesn't matter: the kernel connects for it.
void Clients::connect_all()
{
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    clients_[i].socket = connect_blocking(load_.target, Clock::now() + load_.patience);
    set_non_blocking(clients_[i].socket);
    watch(EPOLL_CTL_ADD, i, EPOLLIN);
  }
  present_ = load_.clients;
}

void Clients::begin_all()
{
  last_echo_ = running_time();
  for (std::size_t i = 0; i < clients_.size(); ++i) begin_message(i, running_time());
}

void Clients::talk_for(Clock::duration time)
{
  const auto end = running_time() + time;
  while (running_time() < end) turn(end);
}

int Clients::wait_until(Clock::time_point limit)
{
  const auto wait = [this](int timeout_ms) {
    return ::epoll_wait(epoll_.get(), events_.data(), kEventsAtOnce, timeout_ms);
  };
  const auto begun = running_time();
  for (auto now = begun; now < begun + load_.spin; now = running_time())
    if (const int count = wait(0); count != 0) return count;
  return wait(static_cast<int>(std::ceil(std::max(0.0, to_milliseconds(limit - begun)))));
}

void Clients::turn(Clock::time_point deadline)
{
  const auto limit = std::min(deadline, last_echo_ + load_.patience);
  const int count = wait_until(limit);
  if (count == -1 && errno == EINTR) return;
  check_syscall("epoll_wait", count);
  if (count == 0 && running_time() >= last_echo_ + load_.patience)
    throw SyscallError(
        ETIMEDOUT, "echo",
        fmt::format("{} clients of {} wait for an answer", present_, load_.target.to_string()));
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(events_[static_cast<std::size_t>(i)].data.u64);
    if (clients_[index].waits_to_send) send_rest(index);
    receive(index);
  }
}

void Clients::begin_message(std::size_t index, Clock::time_point now)
{
  Client& client = clients_[index];
  ++client.number;
  client.sent_bytes = client.back_bytes = 0;
  client.began = now;
  send_rest(index);
}

void Clients::send_rest(std::size_t index)
{
  Client& client = clients_[index];
  const std::string_view message = payload_.message(index, client.number);
  while (client.sent_bytes < message.size()) {
    const auto count = write_some(client.socket, message.substr(client.sent_bytes));
    if (!count) break;
    client.sent_bytes += *count;
  }
  const bool waits = client.sent_bytes < message.size();
  if (waits != client.waits_to_send)
    watch(EPOLL_CTL_MOD, index, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
  client.waits_to_send = waits;
}

void Clients::receive(std::size_t index)
{
  Client& client = clients_[index];
  if (!client.socket) return;
  const auto count = read_some(client.socket, received_);
  if (!count) return;
  if (*count == 0) throw SyscallError(ECONNRESET, "echo", "the server closed a connection");
  const std::string_view expected = payload_.message(index, client.number);
  if (client.back_bytes + *count > client.sent_bytes ||
      std::memcmp(received_.data(), expected.data() + client.back_bytes, *count) != 0)
    throw WrongAnswer(fmt::format("client {}, message {}: the echo is wrong within bytes {} to {}",
                                  index, client.number, client.back_bytes,
                                  client.back_bytes + *count));
  client.back_bytes += *count;
  if (client.back_bytes == expected.size()) count_echo(index);
}

void Clients::count_echo(std::size_t index)
{
  Client& client = clients_[index];
  last_echo_ = running_time();
  latencies_ms_.push_back(to_milliseconds(last_echo_ - client.began));
  if (client.number == load_.messages_each) leave(client);
  else begin_message(index, last_echo_);
}

void Clients::leave(Client& client)
{
  if (!client.socket) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(client.socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  client.socket.reset();
  --present_;
}

void Clients::watch(int operation, std::size_t index, std::uint32_t interest)
{
  epoll_event event{};
  event.events = interest;
  event.data.u64 = index;
  check_syscall("epoll_ctl",
                ::epoll_ctl(epoll_.get(), operation, clients_[index].socket.get(), &event));
}

double Clients::server_cpu_s() const
{
  return load_.server == 0 ? 0 : to_seconds(cpu_time_of_process(load_.server));
}

EchoFigures Clients::figures(double seconds, double cpu_s)
{
  EchoFigures result{.messages = latencies_ms_.size(), .seconds = seconds, .server_cpu_s = cpu_s};
  const Usage own = usage_of_process();
  result.client_cpu_s = to_seconds(own.user + own.system);
  set_percentiles(result, std::move(latencies_ms_));
  return result;
}

}  // namespace

EchoFigures run_echo_clients(const EchoLoad& load)
{
  const std::uint64_t wanted = static_cast<std::uint64_t>(load.clients) + kSpareDescriptors;
  if (raise_open_files_limit() < wanted)
    throw Skipped(fmt::format("{} clients want {} descriptors {}", load.clients, wanted,
                              limit_behind(EMFILE)));
  return Clients(load).run();
}

}  // namespace two_cakes
