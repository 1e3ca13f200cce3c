#include "settings.hpp"

#include "harness/number_list.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--parent-mib", sizes_text,
                    "Memory that the parent holds, in MiB, a list (quick: 4,32,128; full: "
                    "4,16,64,256,1024)");
  experiment.option("--huge-pages", huge_pages, "1: let the parent's memory be in pages of 2 MiB",
                    0);
}

void Settings::complete(const Experiment& experiment)
{
  if (sizes_text.empty()) sizes_text = experiment.pick("4", "4,32,128", "4,16,64,256,1024");
  parent_mib = NumberList{"--parent-mib", 1 << 20, "4,64"}.parse(sizes_text);
}

}  // namespace two_cakes
