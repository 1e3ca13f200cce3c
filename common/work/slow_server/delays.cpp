#include "delays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <system_error>

namespace two_cakes::slow_server {

using std::chrono::nanoseconds;

namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view reason)
{
  throw std::invalid_argument(fmt::format("'{}' {}", text.substr(0, 40), reason));
}

/// Cuts `text` at its first colon; the rest, without the colon, stays in `text`.
std::string_view take_field(std::string_view& text)
{
  const auto colon = std::min(text.find(':'), text.size());
  const auto field = text.substr(0, colon);
  text.remove_prefix(std::min(colon + 1, text.size()));
  return field;
}

}  // namespace

nanoseconds parse_delay_ms(std::string_view text)
{
  constexpr std::chrono::duration<double, std::milli> kLongest = kLongestDelay;
  double milliseconds = 0;
  const auto* const end = text.data() + text.size();
  const auto [stopped_at, error] =
      std::from_chars(text.data(), end, milliseconds, std::chars_format::fixed);
  if (error == std::errc::result_out_of_range) refuse(text, "is out of range");
  if (error != std::errc{} || stopped_at != end) refuse(text, "is not a number of milliseconds");
  if (!std::isfinite(milliseconds)) refuse(text, "is not a finite number of milliseconds");
  if (milliseconds < 0) refuse(text, "is negative: a delay is 0 ms or more");
  if (milliseconds > kLongest.count()) refuse(text, "is above the limit of 1 hour (3600000 ms)");
  // Upwards, because a delay must never end early.
  return nanoseconds{static_cast<nanoseconds::rep>(std::ceil(milliseconds * 1e6))};
}

Delays::Delays(std::string_view description, std::uint64_t seed) : random_(seed)
{
  std::string_view rest = description;
  const auto name = take_field(rest);
  if (name == "uniform") {
    shape_ = Shape::kUniform;
    low_ = parse_delay_ms(take_field(rest));
    high_ = parse_delay_ms(rest);
    if (high_ < low_) refuse(description, "has its bounds the wrong way round");
  } else if (name == "exponential") {
    shape_ = Shape::kExponential;
    low_ = parse_delay_ms(rest);
  } else if (name == "fixed") {
    low_ = parse_delay_ms(rest);
  } else if (name.size() == description.size() && name.find_first_of("0123456789.-") == 0) {
    low_ = parse_delay_ms(description);
  } else {
    refuse(description, "is none of fixed:MS, uniform:LOW:HIGH, exponential:MEAN");
  }
}

nanoseconds Delays::draw()
{
  const auto mean_or_low = static_cast<double>(low_.count());
  double delay = mean_or_low;
  if (shape_ == Shape::kUniform) {
    delay += next_unit() * static_cast<double>((high_ - low_).count());
  } else if (shape_ == Shape::kExponential) {
    delay *= -std::log1p(-next_unit());  // the inverse of 1 - exp(-x / mean)
  }
  constexpr auto kLongest = static_cast<double>(nanoseconds{kLongestDelay}.count());
  return nanoseconds{static_cast<nanoseconds::rep>(std::min(delay, kLongest))};
}

double Delays::next_unit()
{
  return static_cast<double>(random_() >> 11) * 0x1p-53;  // the 53 bits that a double can hold
}

}  // namespace two_cakes::slow_server
