// An experiment: its name, its flags, its series. A program makes one, adds series, and runs it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/measure.hpp"
#include "harness/series.hpp"
#include "harness/timeline.hpp"

namespace two_cakes {

/// How much of the sweep is run. Smoke is for tests: the answers count, not the times.
enum class Scale { kSmoke, kQuick, kFull };

/// One executable's experiment, on Google Benchmark: all of its flags work, its JSON is unmodified,
/// and what is ours is in counters and in the context. Flags on top: --smoke, --quick, --full,
/// --model, --order_seed, --reversed, --help; and --timeline, where the experiment keeps one.
class Experiment {
 public:
  struct Identity {
    std::string name;      // "matrix"
    std::string section;   // "1_2_io_cpu", the folder's name
    std::string title;     // one line: what is compared
    std::string baseline;  // the model that others are compared with
  };

  explicit Experiment(Identity identity);
  ~Experiment();

  /// Flags of the experiment's own. The variable holds the default and receives the value; it must
  /// outlive the experiment.
  void option(const std::string& flag, int& value, const std::string& help, int smallest = 1);
  void option(const std::string& flag, bool& value, const std::string& help);  // needs no value
  void option(const std::string& flag, std::string& value, const std::string& help);
  void option(const std::string& flag, std::chrono::milliseconds& value, const std::string& help);

  /// Where the series note who ran when: asking for it gives the experiment the flag --timeline
  /// FILE. What was noted is written to FILE, and beside the record of --benchmark_out, as a Chrome
  /// trace (RECORD.trace.json). It lives as long as the experiment. Call before parse().
  Timeline& timeline();

  /// Reads the command line. Throws UsageError; after --help it exits with 0. Call once, before
  /// add().
  void parse(int argc, char** argv);

  [[nodiscard]] Scale scale() const;
  /// Picks by scale: pick(1, 8, 64).
  template <class Value>
  Value pick(Value smoke, Value quick, Value full) const
  {
    return scale() == Scale::kSmoke ? smoke : scale() == Scale::kQuick ? quick : full;
  }

  void add(Series series);

  /// Runs all series that the flags ask for. Returns the exit code: kGood, kCheckFailed where a
  /// series ended in an error, kBadInput where the filter matches nothing, kInterrupted.
  int run();

 private:
  struct State;
  void note_context() const;
  void register_series();
  std::size_t run_registered();
  void check_models() const;
  void write_timeline() const;
  std::unique_ptr<State> state_;
};

/// The frame of every main(): runs `program`, and turns what it throws into one line on stderr and
/// an exit code.
int run_program(const std::function<int()>& program);

}  // namespace two_cakes
