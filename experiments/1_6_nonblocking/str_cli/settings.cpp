#include "settings.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--lines", lines, "Lines to be sent (0: 2000; smoke 20)", 0);
  experiment.option("--scale", scale,
                    "Time runs so many times faster than in the book, whose round trip is 175 ms "
                    "(0: quick 500, full 50; 1: the book's, six minutes)",
                    0);
  experiment.option("--deadline-ms", deadline, "The longest that one client may take");
}

void Settings::complete(const Experiment& experiment)
{
  if (lines == 0) lines = experiment.pick(20, 2'000, 2'000);
  if (scale == 0) scale = experiment.pick(500, 500, 50);
  if (round_trip().count() == 0)
    throw UsageError(fmt::format("--scale: {} leaves nothing of 175 ms; give at most {}", scale,
                                 kBooksRoundTrip.count()));
}

}  // namespace two_cakes
