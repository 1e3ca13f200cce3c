// Program        slow_server: a loopback HTTP/1.1 server that answers late, on purpose.
// Run            slow_server --port 8080 --delay-ms 20
//                curl 'http://127.0.0.1:8080/?delay_ms=20&token=job-17'
// Made of        Boost.Asio and Beast, one thread, one event loop. It shares no code, and no bug,
//                with the clients that are measured against it.
// Files          options, startup: the process.   server, connection: sockets and waiting.
//                request_parser, request_plan: what is asked.   delays, answer: what is answered.
// Promise        No answer before its delay is over. 10,000 requests can wait at once;
//                slow_server_check measures how late their answers are.
// Exit codes     0 stopped by SIGTERM or SIGINT; 2 bad usage, or can't listen.
// Does not       speak TLS or HTTP/2, serve files, or keep strangers out.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <utility>

#include "delays.hpp"
#include "options.hpp"
#include "server.hpp"
#include "startup.hpp"

namespace {

using namespace two_cakes::slow_server;

void announce(Options& options, std::uint16_t port)
{
  if (options.ready_fd >= 0) return announce_port(std::exchange(options.ready_fd, -1), port);
  fmt::print("slow_server: listening on http://{}/ (Ctrl-C stops)\n",
             address_text(options.host, port));
  std::fflush(stdout);  // at once, also where stdout is a pipe
}

int run(Options& options)
try {
  if (options.die_with_parent) die_with_parent(options.parent_pid);
  raise_open_files_limit();
  serve(options.host, options.port, Delays{options.delay, options.seed},
        [&](std::uint16_t port) { announce(options, port); });
  return 0;
} catch (const std::exception& error) {
  // Whoever waits for the port learns why there is none; a person reads it here.
  const bool told = options.ready_fd >= 0 && announce_problem(options.ready_fd, error.what());
  if (!told) fmt::print(stderr, "slow_server: {}\n", error.what());
  return 2;
}

}  // namespace

int main(int argc, char** argv)
{
  auto read = read_options(argc, argv);
  if (const auto* exit_code = std::get_if<int>(&read)) return *exit_code;
  return run(std::get<Options>(read));
}
