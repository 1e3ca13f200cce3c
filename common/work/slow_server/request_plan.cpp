#include "request_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "delays.hpp"

namespace two_cakes::slow_server {

namespace {

/// Cuts `text` at the first `separator`; the rest, without the separator, stays in `text`.
std::string_view take_until(std::string_view& text, char separator)
{
  const auto at = std::min(text.find(separator), text.size());
  const auto head = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return head;
}

[[noreturn]] void refuse(std::string_view name, std::string_view value, std::string_view wanted)
{
  throw BadRequest(fmt::format("{}='{}': {}", name, value.substr(0, 40), wanted));
}

std::chrono::nanoseconds delay_from(std::string_view value)
try {
  return parse_delay_ms(value);
} catch (const std::invalid_argument& error) {
  throw BadRequest(fmt::format("delay_ms={}", error.what()));
}

template <class Integer>
Integer integer_from(std::string_view name, std::string_view value, Integer low, Integer high)
{
  Integer number{};
  const auto* const end = value.data() + value.size();
  const auto [stopped_at, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc{} || stopped_at != end || number < low || number > high) {
    refuse(name, value, fmt::format("must be a whole number from {} to {}", low, high));
  }
  return number;
}

std::string token_from(std::string_view value)
{
  // By hand: std::isalnum depends on the locale.
  const auto url_safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
  };
  if (value.empty() || value.size() > kLongestTokenBytes ||
      !std::all_of(value.begin(), value.end(), url_safe)) {
    refuse("token", value,
           fmt::format("must be 1 to {} letters, digits, - . _ or ~", kLongestTokenBytes));
  }
  return std::string{value};
}

Fault fault_from(std::string_view value)
{
  if (value == "reset") return Fault::kReset;
  if (value == "never") return Fault::kNever;
  if (value == "dribble") return Fault::kDribble;
  if (value == "close") return Fault::kClose;
  refuse("fault", value, "must be reset, never, dribble or close");
}

void apply(RequestPlan& plan, std::string_view name, std::string_view value)
{
  if (name == "delay_ms") {
    plan.delay = delay_from(value);
  } else if (name == "token") {
    plan.text = token_from(value);
  } else if (name == "bytes") {
    plan.bytes = integer_from<std::size_t>(name, value, 0, kLongestAnswerBytes);
  } else if (name == "status") {
    plan.status = integer_from(name, value, 200, 599);
  } else if (name == "chunked") {
    plan.chunked = integer_from(name, value, 0, 1) == 1;
  } else if (name == "fault") {
    plan.fault = fault_from(value);
  } else {
    throw BadRequest(
        fmt::format("unknown parameter '{}': there are delay_ms, token, bytes, status, chunked "
                    "and fault",
                    name.substr(0, 40)));
  }
}

}  // namespace

RequestPlan plan_request(std::string_view target)
{
  // "/path", what a client sends to a proxy, or OPTIONS's "*". Left over is CONNECT's "host:port".
  if (!target.starts_with('/') && !target.starts_with("http://") && target != "*") {
    throw BadRequest("the request target must be a path such as /?delay_ms=20");
  }
  RequestPlan plan;
  std::string_view query = take_until(target, '#');
  take_until(query, '?');
  while (!query.empty()) {
    auto value = take_until(query, '&');
    const auto name = take_until(value, '=');
    if (!name.empty() || !value.empty()) apply(plan, name, value);
  }
  return plan;
}

}  // namespace two_cakes::slow_server
