#include "measure.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <stdexcept>
#include <system_error>

#include "client.hpp"

namespace two_cakes::slow_server_check {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

namespace {

constexpr milliseconds kPatience{10'000};  // beyond the delay

/// Waits for many clients at once. Edge-triggered: each event is told once.
class Poller {
 public:
  Poller() : descriptor_(epoll_create1(EPOLL_CLOEXEC))
  {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  }
  ~Poller() { close(descriptor_); }
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void add(const Client& client, std::size_t index, std::uint32_t events)
  {
    epoll_event event{};
    event.events = events | EPOLLET;
    event.data.u64 = index;
    if (epoll_ctl(descriptor_, EPOLL_CTL_ADD, client.descriptor(), &event) != 0) {
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
  }

  /// Calls `handle(index, events)` for each client with news; returns how many there were.
  template <class Handle>
  int wait(milliseconds patience, Handle handle)
  {
    const int count = epoll_wait(descriptor_, events_.data(), static_cast<int>(events_.size()),
                                 static_cast<int>(patience.count()));
    for (int i = 0; i < count; ++i) handle(events_[i].data.u64, events_[i].events);
    return count;
  }

 private:
  int descriptor_;
  std::array<epoll_event, 512> events_{};
};

void wait_for(const Client& client, short event, milliseconds patience)
{
  pollfd waiting{client.descriptor(), event, 0};
  if (poll(&waiting, 1, static_cast<int>(patience.count())) != 1) {
    throw std::runtime_error("the server did not answer in time");
  }
}

milliseconds patience_for(nanoseconds delay)
{
  return std::chrono::ceil<milliseconds>(delay) + kPatience;
}

std::vector<Client> connect_all(std::uint16_t port, std::size_t connections)
{
  std::vector<Client> clients;
  clients.reserve(connections);
  while (clients.size() < connections) {
    // One after the other, so that the listen backlog never overflows.
    wait_for(clients.emplace_back(port), POLLOUT, kPatience);
  }
  return clients;
}

Lateness lateness_of(const std::vector<Client>& clients)
{
  Lateness result;
  for (const auto& client : clients) result.sorted_ms.push_back(client.lateness_ms());
  std::sort(result.sorted_ms.begin(), result.sorted_ms.end());
  return result;
}

}  // namespace

double Lateness::percentile(double percent) const
{
  const auto rank = std::ceil(percent / 100 * static_cast<double>(sorted_ms.size()));
  return sorted_ms.at(static_cast<std::size_t>(std::max(rank, 1.0)) - 1);
}

Lateness measure_idle(std::uint16_t port, std::size_t requests, nanoseconds delay)
{
  auto clients = connect_all(port, 1);
  auto& client = clients.front();
  Lateness result;
  for (std::size_t i = 0; i < requests; ++i) {
    client.ask(delay, i);
    do wait_for(client, POLLIN, patience_for(delay));
    while (!client.take_answer());
    result.sorted_ms.push_back(client.lateness_ms());
  }
  std::sort(result.sorted_ms.begin(), result.sorted_ms.end());
  return result;
}

Lateness measure_crowd(std::uint16_t port, std::size_t connections, nanoseconds delay,
                       nanoseconds spread)
{
  auto clients = connect_all(port, connections);
  Poller poller;
  for (std::size_t i = 0; i < connections; ++i) poller.add(clients[i], i, EPOLLIN);

  std::size_t asked = 0;
  std::size_t answered = 0;
  const auto start = Clock::now();
  while (answered < connections) {
    const double part = std::chrono::duration<double>(Clock::now() - start) / spread;
    const auto to_ask =
        part >= 1 ? connections : static_cast<std::size_t>(part * static_cast<double>(connections));
    for (; asked < to_ask; ++asked) clients[asked].ask(delay, asked);
    const auto patience = asked < connections ? milliseconds{1} : patience_for(delay);
    const int news = poller.wait(patience, [&](std::size_t index, std::uint32_t) {
      if (clients[index].take_answer()) ++answered;
    });
    if (news == 0 && asked == connections) throw std::runtime_error("an answer was lost");
  }
  return lateness_of(clients);
}

double measure_rush(std::uint16_t port, std::size_t clients_count, nanoseconds delay)
{
  Poller poller;
  std::vector<Client> clients;
  clients.reserve(clients_count);
  std::vector<bool> has_asked(clients_count);
  std::size_t answered = 0;
  const auto start = Clock::now();
  for (std::size_t i = 0; i < clients_count; ++i) {
    poller.add(clients.emplace_back(port), i, EPOLLIN | EPOLLOUT);
  }
  while (answered < clients_count) {
    const int news = poller.wait(patience_for(delay), [&](std::size_t index, std::uint32_t events) {
      auto& client = clients[index];
      if ((events & EPOLLOUT) != 0 && !has_asked[index]) {
        has_asked[index] = true;
        client.ask(delay, index);
      } else if ((events & EPOLLIN) != 0 && client.take_answer()) {
        client.hang_up();
        ++answered;
      }
    });
    if (news == 0) throw std::runtime_error("an answer was lost");
  }
  const std::chrono::duration<double, std::milli> took = Clock::now() - start;
  return took.count();
}

}  // namespace two_cakes::slow_server_check
