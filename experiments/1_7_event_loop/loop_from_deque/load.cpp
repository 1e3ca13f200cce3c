#include "load.hpp"

#include <algorithm>

namespace two_cakes {

std::string_view to_string(LoadKind kind)
{
  switch (kind) {
    case LoadKind::kConversations:
      return "conversations";
    case LoadKind::kMessage:
      return "message";
    case LoadKind::kTimer:
      return "timer";
    case LoadKind::kSocket:
      break;
  }
  return "socket";
}

long Log::inversions() const
{
  // Into a list that is kept in order: whoever stands behind a newcomer's place was too early.
  std::vector<int> before;
  long inversions = 0;
  for (const Entry& each : handled_) {
    const auto place = std::ranges::upper_bound(before, each.note.number);
    inversions += before.end() - place;
    before.insert(place, each.note.number);
  }
  return inversions;
}

long Log::overtakers() const
{
  const auto is_first = [](const Entry& each) { return each.note.number == 0; };
  return std::ranges::find_if(handled_, is_first) - handled_.begin();
}

void compute(std::chrono::microseconds work)
{
  const auto end = Clock::now() + work;
  while (Clock::now() < end) continue;
}

}  // namespace two_cakes
