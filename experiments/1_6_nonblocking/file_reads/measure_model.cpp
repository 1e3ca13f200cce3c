#include "measure_model.hpp"

#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {

Series measure_model(const Model& model, Cache cache, int pool_threads, const TestFile& file)
{
  const auto body = [=, &file](benchmark::State& state) {
    run_series(state, [&] {
      const ReadAll read_all = skip_at_a_limit([&] { return model.prepare(pool_threads); });
      std::vector<Block> blocks = file.all_blocks();
      const auto prepare_cache = [&] {
        if (cache == Cache::kCold) file.make_cold();
        else file.make_warm();
      };
      prepare_cache();
      double seconds = 0;
      const auto run = [&] {
        const auto start = Clock::now();
        read_all(file.fd(), blocks);
        seconds += to_seconds(Clock::now() - start);
        return true;
      };
      const auto check = [&](bool, Report& report) {
        for (Block& block : blocks) check_and_clear(block);
        report.units += static_cast<double>(blocks.size());
        report.counters = {{"block_s", seconds / report.units}};
        prepare_cache();  // for the next iteration
      };
      measure(state, run, check);
    });
  };
  return {model.name, {{"cache", cache == Cache::kCold ? "cold" : "warm"}}, body};
}

}  // namespace two_cakes
