#include "startup.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace two_cakes::slow_server {

void raise_open_files_limit()
{
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void die_with_parent(int parent_pid)
{
  const auto expected = parent_pid != 0 ? parent_pid : getppid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The signal is sent for an end that comes from now on. One that came before shows here: an
  // orphan is given another parent.
  if (getppid() != expected) std::_Exit(EXIT_SUCCESS);
}

void announce_port(int descriptor, std::uint16_t port)
{
  const auto line = fmt::format("{}\n", port);
  std::signal(SIGPIPE, SIG_IGN);  // an error code says it better
  const bool written = write(descriptor, line.data(), line.size()) == ssize_t(line.size());
  if (!written) {
    throw std::runtime_error(fmt::format("--ready-fd {}: {}; give a descriptor open for writing",
                                         descriptor, std::generic_category().message(errno)));
  }
  close(descriptor);
}

bool announce_problem(int descriptor, std::string_view problem) noexcept
{
  std::signal(SIGPIPE, SIG_IGN);
  return write(descriptor, problem.data(), problem.size()) == ssize_t(problem.size());
}

}  // namespace two_cakes::slow_server
