#include "settings.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

constexpr int kMost = 100'000'000;

std::vector<int> parse_counts(const std::string& text)
{
  std::vector<int> counts;
  std::istringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    int count = 0;
    const char* end = item.data() + item.size();
    const auto parsed = std::from_chars(item.data(), end, count);
    if (parsed.ptr != end || parsed.ec != std::errc() || count < 1 || count > kMost)
      throw UsageError(fmt::format(
          "--tasks: '{}' is no number from 1 to {}; give a list such as 1000,10000", item, kMost));
    counts.push_back(count);
  }
  return counts;
}

}  // namespace

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--tasks", tasks_text,
                    "Tasks asleep at once, a list (quick: 100,1000,100000,1000000; full: "
                    "10000,100000,1000000)");
  experiment.option("--sleep-ms", sleep, "How long each sleeps (0: quick 100, full 10000)");
}

void Settings::complete(const Experiment& experiment)
{
  quick = tasks_text.empty() && experiment.scale() != Scale::kFull;
  if (tasks_text.empty())
    tasks_text = experiment.pick("20", "100,1000,100000,1000000", "10000,100000,1000000");
  if (sleep.count() == 0) sleep = std::chrono::milliseconds(experiment.pick(20, 100, 10'000));
  tasks = parse_counts(tasks_text);
}

}  // namespace two_cakes
