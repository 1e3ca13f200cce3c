#include "measure_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {

Series measure_model(const Model& model, const Settings& settings, const Endpoint& server)
{
  const auto body = [=](benchmark::State& state) {
    const std::string lines = make_lines(settings.lines);
    const auto run = [&] {
      Session session = skip_at_a_limit(
          [&] { return open_session(server, lines, Clock::now() + settings.deadline); });
      skip_at_a_limit([&] { model.run(session); });
      return session;
    };
    const auto check = [&](const Session& session, Report& report) {
      const std::string back = output_of(session);
      if (back != lines)
        throw WrongAnswer(fmt::format("{} bytes came back, of {}, equal up to byte {}", back.size(),
                                      lines.size(),
                                      std::ranges::mismatch(lines, back).in1 - lines.begin()));
      const int round_trips = model.one_at_a_time ? settings.lines : 1;
      report.units += settings.lines;
      report.bound_s = to_seconds(settings.round_trip()) * round_trips;
      report.bound_name = model.one_at_a_time ? "lines x round trip" : "one round trip";
    };
    measure(state, run, check);
  };
  const std::string round_trip_us = std::to_string(settings.round_trip().count());
  return {model.name,
          {{"lines", std::to_string(settings.lines)}, {"round_trip_us", round_trip_us}},
          body};
}

}  // namespace two_cakes
