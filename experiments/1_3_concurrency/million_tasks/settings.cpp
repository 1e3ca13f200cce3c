#include "settings.hpp"

#include "harness/number_list.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--tasks", tasks_text,
                    "Tasks asleep at once, a list (quick: 100,1000,100000,1000000; full: "
                    "10000,100000,1000000)");
  experiment.option("--sleep-ms", sleep, "How long each sleeps (0: quick 100, full 10000)");
}

void Settings::complete(const Experiment& experiment)
{
  quick = tasks_text.empty() && experiment.scale() != Scale::kFull;
  if (tasks_text.empty())
    tasks_text = experiment.pick("20", "100,1000,100000,1000000", "10000,100000,1000000");
  if (sleep.count() == 0) sleep = std::chrono::milliseconds(experiment.pick(20, 100, 10'000));
  tasks = NumberList{"--tasks", 100'000'000, "1000,10000"}.parse(tasks_text);
}

}  // namespace two_cakes
