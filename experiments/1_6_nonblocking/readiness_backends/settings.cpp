#include "settings.hpp"

#include "harness/number_list.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--descriptors", counts_text,
                    "How many are watched, a list (quick: 10,100,1000,9900; full: up to "
                    "300000)");
}

void Settings::complete(const Experiment& experiment)
{
  if (counts_text.empty())
    counts_text = experiment.pick("10,100", "10,100,1000,9900",
                                  "10,30,100,300,1000,3000,9900,30000,100000,300000");
  counts = NumberList{"--descriptors", 1'000'000, "10,1000"}.parse(counts_text);
}

}  // namespace two_cakes
