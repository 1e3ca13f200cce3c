#include "measure_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "message.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

constexpr std::uint64_t kCheckedInFull = 4;

/// Sends all, and returns once the partner has had the last one.
std::uint64_t stream(Partner& partner, std::string& message, std::uint64_t messages)
{
  partner.tell(Task::kReceive, messages);
  for (std::uint64_t number = 0; number < messages; ++number) {
    stamp(message, number);
    partner.channel().send(message);
  }
  return partner.wrong_messages();
}

std::uint64_t ping_pong(Partner& partner, std::string& message, std::uint64_t messages,
                        Latencies& round_trips)
{
  partner.tell(Task::kSendBack, messages);
  std::uint64_t wrong = 0;
  auto start = Clock::now();
  for (std::uint64_t number = 0; number < messages; ++number) {
    stamp(message, number);
    partner.channel().send(message);
    if (!is_stamped(partner.channel().receive(), number)) ++wrong;
    const auto now = Clock::now();
    round_trips.add(start, now);
    start = now;
  }
  return wrong + partner.wrong_messages();
}

void check_every_byte(Partner& partner, std::size_t message_bytes)
{
  partner.tell(Task::kCheckAll, kCheckedInFull);
  for (std::uint64_t number = 0; number < kCheckedInFull; ++number)
    partner.channel().send(full_message(message_bytes, number));
  if (const auto wrong = partner.wrong_messages(); wrong != 0)
    throw WrongAnswer(fmt::format("{} of {} messages came changed", wrong, kCheckedInFull));
}

}  // namespace

Series measure_model(const Model& model, Pattern pattern, std::size_t message_bytes,
                     const Settings& settings)
{
  const std::uint64_t messages = settings.messages_of(message_bytes);
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      const auto new_partner = [&] {
        return skip_at_a_limit([&] {
          return std::make_unique<Partner>(model.partner, model.link(message_bytes), message_bytes);
        });
      };
      auto partner = new_partner();
      std::string message(message_bytes, 'm');
      Latencies round_trips;
      double seconds = 0;
      const auto run = [&] {
        const auto start = Clock::now();
        const std::uint64_t wrong = pattern == Pattern::kStream
                                        ? stream(*partner, message, messages)
                                        : ping_pong(*partner, message, messages, round_trips);
        seconds += to_seconds(Clock::now() - start);
        return wrong;
      };
      const auto check = [&](std::uint64_t wrong, Report& report) {
        if (wrong != 0)
          throw WrongAnswer(fmt::format("{} of {} messages came wrong", wrong, messages));
        check_every_byte(*partner, message_bytes);
        report.units += static_cast<double>(messages);
        report.latencies = round_trips;
        report.counters = {{"message_s", seconds / report.units},
                           {"messages_per_s", report.units / seconds},
                           {"peak_processes", 1.0 + static_cast<double>(peak_living_children())}};
        partner = nullptr;  // what a child has cost is known once it is reaped
        partner = new_partner();
      };
      measure(state, run, check);
    });
  };
  const char* way = pattern == Pattern::kStream ? "one_way" : "there_and_back";
  return {model.name, {{"way", way}, {"message_bytes", std::to_string(message_bytes)}}, body};
}

}  // namespace two_cakes
