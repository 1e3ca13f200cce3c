#include "far_echo.hpp"

#include <poll.h>
#include <sys/prctl.h>

#include <array>

#include "base/errors.hpp"
#include "delay_line.hpp"
#include "os/socket.hpp"

namespace two_cakes {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostUnderWay = 8 * kMebibyte;
constexpr auto kWakingUp = 60us;  // a sleeper may be so late: the last bit is waited for awake

/// Waits until the socket can go on or `until` has come.
void wait_for(pollfd& watched, Clock::time_point until)
{
  if (until == Clock::time_point::max()) {
    ::poll(&watched, 1, -1);
    return;
  }
  const auto left = std::max<std::chrono::nanoseconds>(until - Clock::now() - kWakingUp, 0ns);
  const timespec time{.tv_sec = left.count() / 1'000'000'000,
                      .tv_nsec = left.count() % 1'000'000'000};
  ::ppoll(&watched, 1, &time, nullptr);
}

/// Returns whether there was still room for what has come out of the line.
bool send_due(const UniqueFd& client, DelayLine& line)
{
  for (auto due = line.out(Clock::now()); !due.empty(); due = line.out(Clock::now())) {
    const auto sent = write_some(client, due);
    if (!sent) return false;
    line.take(*sent);
  }
  return true;
}

void serve(const UniqueFd& client, std::chrono::nanoseconds round_trip)
{
  set_non_blocking(client);
  DelayLine line(round_trip);
  std::array<char, 16'384> buffer;
  bool ended = false;
  while (!line.ended(Clock::now())) {
    const bool room = send_due(client, line);
    pollfd watched{.fd = client.get(), .events = 0, .revents = 0};
    if (!ended && line.size() < kMostUnderWay) watched.events |= POLLIN;
    if (!room) watched.events |= POLLOUT;
    wait_for(watched, room ? line.next() : Clock::time_point::max());
    if ((watched.revents & POLLIN) == 0) continue;
    const auto size = read_some(client, buffer);
    if (!size) continue;
    ended = *size == 0;
    if (ended) line.end(Clock::now());
    else line.put({buffer.data(), *size}, Clock::now());
  }
}

[[noreturn]] void serve_all(const UniqueFd& listener, std::chrono::nanoseconds round_trip)
{
  ::prctl(PR_SET_TIMERSLACK, 1);  // else the kernel may let a sleeper oversleep by 50 us
  for (;;) {
    try {
      const auto client = accept_connection(listener);
      if (client) serve(*client, round_trip);
    } catch (const SyscallError&) {  // a client that broke off: the next one, please
    }
  }
}

}  // namespace

FarEcho::FarEcho(std::chrono::nanoseconds round_trip)
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  endpoint_ = local_endpoint(listener);
  child_ = Child::fork([&]() -> int { serve_all(listener, round_trip); });
}

}  // namespace two_cakes
