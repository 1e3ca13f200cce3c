#include "settings.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

constexpr int kLargestMib = 1 << 20;

std::vector<int> parse_sizes(const std::string& text)
{
  std::vector<int> sizes;
  std::istringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    int mib = 0;
    const char* end = item.data() + item.size();
    const auto parsed = std::from_chars(item.data(), end, mib);
    if (parsed.ptr != end || parsed.ec != std::errc() || mib < 1 || mib > kLargestMib)
      throw UsageError(
          fmt::format("--parent-mib: '{}' is no number from 1 to {}; give a list such as 4,64",
                      item, kLargestMib));
    sizes.push_back(mib);
  }
  return sizes;
}

}  // namespace

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--parent-mib", sizes_text,
                    "Memory that the parent holds, in MiB, a list (quick: 4,32,128; full: "
                    "4,16,64,256,1024)");
  experiment.option("--huge-pages", huge_pages, "1: let the parent's memory be in pages of 2 MiB",
                    0);
}

void Settings::complete(const Experiment& experiment)
{
  if (sizes_text.empty()) sizes_text = experiment.pick("4", "4,32,128", "4,16,64,256,1024");
  parent_mib = parse_sizes(sizes_text);
}

}  // namespace two_cakes
