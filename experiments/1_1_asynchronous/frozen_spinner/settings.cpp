#include "settings.hpp"

#include <fmt/format.h>

#include <string_view>

#include "base/errors.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--watch", watch,
                    "In a terminal: see the spinner freeze and turn instead of measuring it; "
                    "of all models, or --watch=threads");
  experiment.option("--target", target,
                    "Send the request to the HTTP server at host:port instead of our slow server");
  experiment.option("--deadline-ms", deadline, "The longest that the operation may take");
  experiment.option("--operation-ms", length,
                    "How long the operation takes (quick: 60, full: 300, --watch: 2000)");
  experiment.option("--tick-ms", interval, "The time between two ticks (0: 10)");
}

void Settings::complete(const Experiment& experiment)
{
  using std::chrono::milliseconds;
  if (length.count() == 0)
    length = watch.empty() ? experiment.pick(milliseconds(20), milliseconds(60), milliseconds(300))
                           : milliseconds(2000);
  if (interval.count() == 0)
    interval = experiment.pick(milliseconds(2), milliseconds(10), milliseconds(10));
  if (length >= deadline)
    throw UsageError(
        fmt::format("--operation-ms: {} ms outlast the deadline; raise --deadline-ms above them",
                    length.count()));
}

char** spell_out_watch(int argc, char** argv)
{
  static char all[] = "--watch=all";
  for (int i = 1; i < argc; ++i) {
    const bool has_value = i + 1 < argc && argv[i + 1][0] != '-';
    if (std::string_view(argv[i]) == "--watch" && !has_value) argv[i] = all;
  }
  return argv;
}

}  // namespace two_cakes
