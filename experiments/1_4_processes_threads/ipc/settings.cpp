#include "settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/errors.hpp"
#include "base/units.hpp"
#include "message.hpp"

namespace two_cakes {
namespace {

constexpr std::size_t kLargest = 256 * kMebibyte;

std::vector<std::size_t> parse_sizes(const std::string& text)
{
  std::vector<std::size_t> sizes;
  std::istringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    std::size_t bytes = 0;
    const char* end = item.data() + item.size();
    const auto parsed = std::from_chars(item.data(), end, bytes);
    const bool whole = parsed.ptr == end && parsed.ec == std::errc();
    if (!whole || bytes < kSmallestMessage || bytes > kLargest)
      throw UsageError(fmt::format(
          "--message-bytes: '{}' is no number from {} to {}; give a list such as 100,4096", item,
          kSmallestMessage, kLargest));
    if (std::ranges::count(sizes, bytes) > 0)
      throw UsageError(
          fmt::format("--message-bytes: {} is given twice; give each size once", bytes));
    sizes.push_back(bytes);
  }
  return sizes;
}

}  // namespace

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--message-bytes", sizes_text,
                    "Sizes of a message in bytes, a list (quick: 100,16384,1048576; full: 100,1024,"
                    "4096,16384,65536,262144,1048576)");
}

void Settings::complete(const Experiment& experiment)
{
  if (sizes_text.empty())
    sizes_text =
        experiment.pick("100000", "100,16384,1048576", "100,1024,4096,16384,65536,262144,1048576");
  message_bytes = parse_sizes(sizes_text);
  total_mib = experiment.pick(1, 4, 256);
  most_messages = experiment.pick(100, 500, 50'000);
}

std::uint64_t Settings::messages_of(std::size_t bytes) const
{
  const std::size_t total = static_cast<std::size_t>(total_mib) * kMebibyte;
  return std::clamp<std::uint64_t>(total / bytes, 4, static_cast<std::uint64_t>(most_messages));
}

}  // namespace two_cakes
