#include "limits.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace two_cakes::slow_server_check {

std::size_t admitted_connections(std::size_t wanted)
{
  constexpr rlim_t kSpare = 64;  // for what is open besides, here and in the server
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max >= wanted + kSpare) return wanted;
  const auto most = std::max(limit.rlim_max, kSpare + 1) - kSpare;
  fmt::print("{} connections instead of {}: the limit of open files (ulimit -Hn) is {}\n", most,
             wanted, limit.rlim_max);
  return most;
}

}  // namespace two_cakes::slow_server_check
