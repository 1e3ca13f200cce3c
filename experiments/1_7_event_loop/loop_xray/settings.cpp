#include "settings.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--target", target,
                    "Send the requests to the HTTP server at host:port instead of our slow server");
  experiment.option("--deadline-ms", deadline, "The longest that a request may take");
  experiment.option("--requests", requests, "How many requests");
  experiment.option("--wait-ms", wait, "How long the server waits (quick: 30, full: 80)");
  experiment.option("--steps", steps,
                    "Steps of coroutines, with and without an observer (0: by sweep)", 0);
}

void Settings::complete(const Experiment& experiment)
{
  using std::chrono::milliseconds;
  if (wait.count() == 0)
    wait = experiment.pick(milliseconds(3), milliseconds(30), milliseconds(80));
  if (steps == 0) steps = experiment.pick(2'000, 200'000, 2'000'000);
  set_up_fib = experiment.pick(15, 31, 33);
  post_fib = experiment.pick(16, 33, 35);
}

Requests Settings::requests_to(const Target& server) const
{
  Requests all{.target = server, .set_up_fib = set_up_fib};
  for (int i = 0; i < requests; ++i)
    all.jobs.push_back({.number = static_cast<std::uint32_t>(i), .wait = wait, .fib = post_fib});
  return all;
}

}  // namespace two_cakes
