#include "harness/number_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/errors.hpp"

namespace two_cakes {

std::vector<int> NumberList::parse(const std::string& text) const
{
  std::vector<int> numbers;
  std::istringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    int number = 0;
    const char* end = item.data() + item.size();
    const auto parsed = std::from_chars(item.data(), end, number);
    if (parsed.ptr != end || parsed.ec != std::errc() || number < 1 || number > most)
      throw UsageError(fmt::format("{}: '{}' is no number from 1 to {}; give a list such as {}",
                                   option, item, most, example));
    if (std::find(numbers.begin(), numbers.end(), number) != numbers.end())
      throw UsageError(fmt::format("{}: {} is given twice; give each number once", option, number));
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace two_cakes
