#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/errors.hpp"
#include "wait/poller.hpp"

namespace two_cakes {
namespace {

struct Backend {
  std::string_view name;
  std::unique_ptr<Poller> (*make)();
};

constexpr Backend kBackends[] = {
    {"select", make_select_poller}, {"poll", make_poll_poller},
    {"epoll", make_epoll_poller},   {"epoll_edge", make_epoll_edge_poller},
    {"kqueue", make_kqueue_poller},
};

}  // namespace

std::unique_ptr<Poller> make_poller(std::string_view name)
{
  const auto found = std::ranges::find(kBackends, name, &Backend::name);
  if (found == std::end(kBackends))
    throw UsageError(
        fmt::format("no poller '{}'; give one of: {}", name, fmt::join(poller_names(), ", ")));
  return found->make();
}

const std::vector<std::string>& poller_names()
{
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Backend& backend : kBackends) all.emplace_back(backend.name);
    return all;
  }();
  return names;
}

std::string why_no_poller(std::string_view name)
{
  try {
    make_poller(name);
    return {};
  } catch (const Skipped& reason) {
    return reason.what();
  }
}

}  // namespace two_cakes
