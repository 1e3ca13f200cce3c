#include "settings.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

constexpr int kMost = 1'000'000;

std::vector<int> parse_counts(const std::string& text)
{
  std::vector<int> counts;
  std::istringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    int count = 0;
    const char* end = item.data() + item.size();
    const auto parsed = std::from_chars(item.data(), end, count);
    if (parsed.ptr != end || parsed.ec != std::errc() || count < 1 || count > kMost)
      throw UsageError(
          fmt::format("--descriptors: '{}' is no number from 1 to {}; give a list such as 10,1000",
                      item, kMost));
    counts.push_back(count);
  }
  return counts;
}

}  // namespace

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--descriptors", counts_text,
                    "How many are watched, a list (quick: 10,100,1000,9900; full: up to "
                    "300000)");
}

void Settings::complete(const Experiment& experiment)
{
  if (counts_text.empty())
    counts_text = experiment.pick("10,100", "10,100,1000,9900",
                                  "10,30,100,300,1000,3000,9900,30000,100000,300000");
  counts = parse_counts(counts_text);
}

}  // namespace two_cakes
