// Starts the server for the judge, whose clients are ordinary sockets; and, for its speed, clients
// of our own.
#include "probe.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <numeric>

#include "echo_server.hpp"

namespace {

std::array<int, 2> stop_pipe;

/// What SIGTERM does: the way by which a signal ends a loop (the self-pipe of D. J. Bernstein).
void ask_to_stop(int)
{
  const int error_number = errno;
  [[maybe_unused]] const auto written = ::write(stop_pipe[1], "s", 1);
  errno = error_number;
}

void only_interrupt(int) {}

/// Without SA_RESTART: a call that waits comes back with EINTR.
void handle(int number, void (*handler)(int))
{
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigaction(number, &action, nullptr);
}

int open_descriptors()
{
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  int count = 0;
  for (int fd = 0; fd < static_cast<int>(limit.rlim_cur); ++fd)
    if (::fcntl(fd, F_GETFD) != -1) ++count;
  return count;
}

/// A signal's way to say stop; SIGPIPE as every process finds it.
void prepare_to_stop()
{
  if (::pipe(stop_pipe.data()) == -1) return observe("no_pipe", errno);
  handle(SIGTERM, ask_to_stop);
  handle(SIGUSR1, only_interrupt);
  handle(SIGPIPE, SIG_DFL);
}

}  // namespace

// Serves until SIGTERM.
PROBE(serve)
{
  prepare_to_stop();
  const int before = open_descriptors();
  {
    EchoServer server;
    observe("port", server.port());
    server.serve(stop_pipe[0]);
    observe("returned", true);
    char byte = 0;
    ::fcntl(stop_pipe[0], F_SETFL, O_NONBLOCK);
    observe("stop_untouched", ::read(stop_pipe[0], &byte, 1) == 1);
  }
  observe("left_open", open_descriptors() - before);
}

// BEGIN HIDDEN TESTS
namespace {

int connect_to(std::uint16_t port)
{
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == -1) ::_exit(1);
  return fd;
}

/// `busy` clients send a number and wait for it, so many rounds; `idle` ones are only connected.
/// Returns how many numbers came back.
int be_clients(std::uint16_t port, int idle, int busy, int rounds)
{
  std::vector<int> idlers;
  for (int i = 0; i < idle; ++i) idlers.push_back(connect_to(port));
  std::vector<int> fds;
  for (int i = 0; i < busy; ++i) fds.push_back(connect_to(port));
  int good = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const int fd : fds) {
      const int number = round ^ fd;
      if (::write(fd, &number, sizeof number) != sizeof number) return good;
    }
    for (const int fd : fds) {
      int number = 0;
      if (::read(fd, &number, sizeof number) != sizeof number) return good;
      good += number == (round ^ fd);
    }
  }
  return good;
}

}  // namespace

// numbers: idle clients, busy ones, rounds.
PROBE(busy_among_idle)
{
  prepare_to_stop();
  EchoServer server;
  std::array<int, 2> answer;
  if (::pipe(answer.data()) == -1) return observe("no_pipe", errno);
  const auto child = ::fork();
  if (child == 0) {
    const int good =
        be_clients(server.port(), static_cast<int>(request.numbers[0]),
                   static_cast<int>(request.numbers[1]), static_cast<int>(request.numbers[2]));
    [[maybe_unused]] auto written = ::write(answer[1], &good, sizeof good);
    written = ::write(stop_pipe[1], "s", 1);
    ::_exit(0);
  }
  server.serve(stop_pipe[0]);
  int good = -1;
  ::close(answer[1]);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::fcntl(answer[0], F_SETFL, O_NONBLOCK);
  if (::read(answer[0], &good, sizeof good) != sizeof good) good = -1;
  observe("came_back", good);
}
// END HIDDEN TESTS
