#include "settings.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/errors.hpp"
#include "os/files.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--folder", folder,
                    "Where the file is made (default: beside the program; /tmp may be memory)");
  experiment.option("--blocks", blocks, "Blocks of 16 KiB (0: quick 400, full 16000)", 0);
  experiment.option("--pool-threads", pool_threads, "Threads of the model thread_pool");
}

void Settings::complete(const Experiment& experiment)
{
  if (blocks == 0) blocks = experiment.pick(40, 400, 16'000);
  if (folder.empty()) folder = executable_folder();
  if (!std::filesystem::is_directory(folder))
    throw UsageError(fmt::format("--folder: {} is no folder; give one on a disk", folder));
}

}  // namespace two_cakes
