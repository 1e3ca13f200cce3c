// One way to read a file, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

enum class Cache { kCold, kWarm };

struct Model {
  const char* name;
  ReadAll (*prepare)(int pool_threads);
};

/// All blocks of `file`, once for each iteration, each looked at afterwards. Cold: the kernel is
/// asked before, outside the time, to forget the file. A counter block_s, the seconds for a block.
Series measure_model(const Model& model, Cache cache, int pool_threads, const TestFile& file);

}  // namespace two_cakes
