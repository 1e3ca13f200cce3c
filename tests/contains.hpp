// Whether a text has a part: string::contains comes with C++23.
#pragma once

#include <string>

namespace two_cakes::testing {

inline bool contains(const std::string& text, const std::string& part)
{
  return text.find(part) != std::string::npos;
}

}  // namespace two_cakes::testing
