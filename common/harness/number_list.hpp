// What an option such as --clients 1,64,1000 says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace two_cakes {

/// An option whose value is a list of numbers.
struct NumberList {
  std::string_view option;   // "--clients"
  int most = 0;              // each is from 1 to that
  std::string_view example;  // "1,64": what an error offers

  /// The numbers in `text`, in their order. Throws UsageError for what is none, too large, or there
  /// twice.
  [[nodiscard]] std::vector<int> parse(const std::string& text) const;
};

}  // namespace two_cakes
