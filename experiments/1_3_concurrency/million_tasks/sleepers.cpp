// The program that million_tasks starts: `sleepers MODEL TASKS SLEEP_MS DESCRIPTOR` has so many
// tasks asleep, and writes "TASKS SECONDS BYTES ASLEEP" to the descriptor; or, with exit code 77,
// the limit that it has run into.
#include "sleepers.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "os/pipe.hpp"
#include "os/skip_at_a_limit.hpp"

using namespace two_cakes;

namespace {

Slept sleep_as(const std::string& model, const Nap& nap)
{
  if (model == "threads") return sleep_in_threads(nap);
  if (model == "processes") return sleep_in_processes(nap);
  if (model == "coroutines") return sleep_in_coroutines(nap);
  throw UsageError(fmt::format("unknown model '{}'", model));
}

}  // namespace

int main(int argc, char** argv)
{
  if (argc != 5) {
    std::fputs("usage: sleepers MODEL TASKS SLEEP_MS DESCRIPTOR (million_tasks starts it)\n",
               stderr);
    return kBadInput;
  }
  const UniqueFd report(std::atoi(argv[4]));
  try {
    const Nap nap{std::atoi(argv[2]), std::chrono::milliseconds(std::atoi(argv[3]))};
    const Slept slept = skip_at_a_limit([&] { return sleep_as(argv[1], nap); });
    write_all(report, fmt::format("{} {:.9f} {} {}", slept.tasks, slept.seconds, slept.bytes,
                                  slept.asleep));
    return kGood;
  } catch (const Skipped& reason) {
    write_all(report, reason.what());
    return kSkipped;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sleepers: %s\n", error.what());
    return kCheckFailed;
  }
}
