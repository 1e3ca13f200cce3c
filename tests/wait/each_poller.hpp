// Each backend keeps the same contract, so each goes through the same tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "wait/poller.hpp"

namespace two_cakes::testing {

/// The backends that this machine has.
inline std::vector<std::string> poller_backends()
{
  std::vector<std::string> here;
  for (const std::string& name : poller_names())
    if (why_no_poller(name).empty()) here.push_back(name);
  return here;
}

inline std::unique_ptr<Poller> each_poller()
{
  const std::string name = GENERATE(from_range(poller_backends()));
  INFO(name);
  return make_poller(name);
}

/// What is ready now.
inline std::vector<ReadyEvent> look(Poller& poller)
{
  std::vector<ReadyEvent> events;
  poller.wait(events, Clock::time_point{});
  return events;
}

}  // namespace two_cakes::testing
