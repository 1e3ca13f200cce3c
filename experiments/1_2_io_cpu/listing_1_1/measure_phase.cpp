#include "measure_phase.hpp"

#include <algorithm>

#include "base/errors.hpp"
#include "os/usage.hpp"

namespace two_cakes {

Series measure_phase(const std::string& name, const std::function<void()>& prepare,
                     const std::function<std::string()>& phase,
                     const std::function<bool(const std::string&)>& is_right)
{
  const auto body = [=](benchmark::State& state) {
    double computing_s = 0;
    double wall_s = 0;
    const auto run = [&] {
      // The CPU clock is outside: reading it is a system call, a tenth of the shortest phase.
      const auto cpu_start = cpu_time_of_thread();
      const auto start = Clock::now();
      std::string result = phase();
      wall_s += to_seconds(Clock::now() - start);
      computing_s += to_seconds(cpu_time_of_thread() - cpu_start);
      return result;
    };
    const auto check = [&](const std::string& result, Report& report) {
      if (!is_right(result))
        throw WrongAnswer("phase " + name + " came to '" + result.substr(0, 40) + "'");
      report.units += 1;
      report.counters = {{"computing_s", computing_s / report.units},
                         {"waiting_s", std::max(0.0, wall_s - computing_s) / report.units}};
    };
    run_series(state, [&] {
      prepare();
      measure(state, run, check);
    });
  };
  return {"blocking", {{"phase", name}}, body};
}

}  // namespace two_cakes
