#include "measure_model.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "message.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

constexpr std::uint64_t kCheckedInFull = 4;

/// One series: a partner for each iteration, so that what a child has cost is known (it is reaped)
/// before the meter stops. Making and ending it is outside the time that is counted.
class Talk {
 public:
  Talk(const Model& model, Pattern pattern, std::size_t message_bytes, std::uint64_t messages)
      : model_(model),
        pattern_(pattern),
        messages_(messages),
        message_(message_bytes, 'm')
  {
    meet_partner();
  }

  /// Returns how many messages were wrong.
  std::uint64_t run()
  {
    const auto start = Clock::now();
    const std::uint64_t wrong = pattern_ == Pattern::kStream ? stream() : ping_pong();
    seconds_ += to_seconds(Clock::now() - start);
    return wrong;
  }

  void check(std::uint64_t wrong, Report& report)
  {
    if (wrong != 0)
      throw WrongAnswer(fmt::format("{} of {} messages came wrong", wrong, messages_));
    check_every_byte();
    report.units += static_cast<double>(messages_);
    report.latencies = round_trips_;
    report.counters = {{"message_s", seconds_ / report.units},
                       {"messages_per_s", report.units / seconds_},
                       {"peak_processes", 1.0 + static_cast<double>(peak_living_children())}};
    meet_partner();
  }

 private:
  void meet_partner()
  {
    partner_ = nullptr;
    partner_ = skip_at_a_limit([&] {
      return std::make_unique<Partner>(model_.partner, model_.link(message_.size()),
                                       message_.size());
    });
  }

  /// Sends all, and returns once the partner has had the last one.
  std::uint64_t stream()
  {
    partner_->tell(Task::kReceive, messages_);
    for (std::uint64_t number = 0; number < messages_; ++number) {
      stamp(message_, number);
      partner_->channel().send(message_);
    }
    return partner_->wrong_messages();
  }

  std::uint64_t ping_pong()
  {
    partner_->tell(Task::kSendBack, messages_);
    std::uint64_t wrong = 0;
    auto start = Clock::now();
    for (std::uint64_t number = 0; number < messages_; ++number) {
      stamp(message_, number);
      partner_->channel().send(message_);
      if (!is_stamped(partner_->channel().receive(), number)) ++wrong;
      const auto now = Clock::now();
      round_trips_.add(start, now);
      start = now;
    }
    return wrong + partner_->wrong_messages();
  }

  void check_every_byte()
  {
    partner_->tell(Task::kCheckAll, kCheckedInFull);
    for (std::uint64_t number = 0; number < kCheckedInFull; ++number)
      partner_->channel().send(full_message(message_.size(), number));
    if (const auto wrong = partner_->wrong_messages(); wrong != 0)
      throw WrongAnswer(fmt::format("{} of {} messages came changed", wrong, kCheckedInFull));
  }

  const Model& model_;
  const Pattern pattern_;
  const std::uint64_t messages_;
  std::string message_;
  std::unique_ptr<Partner> partner_;
  Latencies round_trips_;
  double seconds_ = 0;
};

}  // namespace

Series measure_model(const Model& model, Pattern pattern, std::size_t message_bytes,
                     const Settings& settings)
{
  const std::uint64_t messages = settings.messages_of(message_bytes);
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      Talk talk(model, pattern, message_bytes, messages);
      measure(
          state, [&] { return talk.run(); },
          [&](std::uint64_t wrong, Report& report) { talk.check(wrong, report); });
    });
  };
  const char* way = pattern == Pattern::kStream ? "one_way" : "there_and_back";
  return {model.name, {{"way", way}, {"message_bytes", std::to_string(message_bytes)}}, body};
}

}  // namespace two_cakes
