#include "settings.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--conversations", conversations,
                    "Conversations at once (0: quick 20, full 100)", 0);
  experiment.option("--turns", turns, "Messages of a conversation (0: 20; smoke: 5)", 0);
  experiment.option("--work-us", work_us, "Computing for each message of a conversation, in us", 0);
  experiment.option(
      "--events", events,
      "Messages, timers or bytes that the idle loop waits for (0: quick 10, full 200)", 0);
  experiment.option("--period-us", period_us, "Time between two of them, in us (0: 2300)", 0);
}

std::vector<Load> Settings::loads(const Experiment& experiment) const
{
  const auto or_default = [](int given, int otherwise) { return given == 0 ? otherwise : given; };
  const Load conversing{.kind = LoadKind::kConversations,
                        .conversations = or_default(conversations, experiment.pick(4, 20, 100)),
                        .turns = or_default(turns, experiment.pick(5, 20, 20)),
                        .work = std::chrono::microseconds(work_us)};
  std::vector<Load> loads{conversing};
  // No multiple of a millisecond: whoever looks once in a millisecond shall look at any moment.
  const std::chrono::microseconds period(or_default(period_us, experiment.pick(700, 2300, 2300)));
  for (const LoadKind kind : {LoadKind::kMessage, LoadKind::kTimer, LoadKind::kSocket})
    loads.push_back({.kind = kind,
                     .events = or_default(events, experiment.pick(3, 10, 200)),
                     .period = period});
  return loads;
}

}  // namespace two_cakes
