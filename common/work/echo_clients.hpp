// Many keep-alive clients of an echo server, on one thread: the load that every way of serving is
// measured under.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/endpoint.hpp"

namespace two_cakes {

/// What the clients are to do. Each has one message on its way at a time, and sends the next one
/// when the whole echo of the last has come back.
struct EchoLoad {
  Endpoint target;
  int clients = 1;
  std::size_t payload_bytes = 64;
  std::uint64_t messages_each = 0;             // a client leaves after so many; 0: by time
  std::chrono::milliseconds warm_up{200};      // by time: what is echoed first isn't counted
  std::chrono::milliseconds duration{1'000};   // by time: how long is counted
  std::chrono::milliseconds patience{10'000};  // nothing echoed for so long ends it with an error
  std::chrono::microseconds spin{0};           // look so long again and again before sleeping
  bool stop_when_warm = false;                 // by time: SIGTSTP before what is counted begins
  pid_t server = 0;                            // whose CPU time is to be read; 0: nobody's
};

/// What they saw. Latencies are from sending a message to having the whole of its echo.
struct EchoFigures {
  std::uint64_t messages = 0;
  double seconds = 0;
  double p50_ms = 0, p90_ms = 0, p99_ms = 0, p99_9_ms = 0, max_ms = 0;
  double server_cpu_s = 0;  // that the server used in these seconds
  double client_cpu_s = 0;  // that the clients used in their whole life

  [[nodiscard]] double messages_per_s() const
  {
    return seconds > 0 ? static_cast<double>(messages) / seconds : 0;
  }
};

/// Connects all clients, lets them talk, and closes them (by RST, so that no port is left in
/// TIME_WAIT). Blocks. Raw epoll, on the calling thread. Every byte is checked: throws WrongAnswer
/// where one is wrong, Skipped where RLIMIT_NOFILE doesn't hold so many, SyscallError where
/// connecting or talking fails, ETIMEDOUT where nothing has come for `patience`. All times are
/// running_time()'s: a program that leaves out its stopped time can share its cores in slices.
EchoFigures run_echo_clients(const EchoLoad& load);

/// Fills in the percentiles (nearest rank); none where there are no latencies.
void set_percentiles(EchoFigures& figures, std::vector<double> latencies_ms);

/// The figures as one line, `messages=500 seconds=0.01 ...`, and back; UsageError where `line`
/// isn't one.
std::string to_line(const EchoFigures& figures);
EchoFigures parse_figures(std::string_view line);

}  // namespace two_cakes
