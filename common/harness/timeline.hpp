// Who ran when, on which core, and who waited: real time stamps, written as a Chrome trace.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace two_cakes {

/// What a task was doing in a stretch of time: it had a core, it wanted one, or it needed none.
enum class TaskState : std::uint8_t { kRunning, kReady, kWaiting };

/// "running", "ready" or "waiting".
std::string_view to_string(TaskState state);

/// One line of a picture: a task, or a core, or a worker, from left to right. Belongs to one thread
/// at a time: it is written without a lock.
class Lane {
 public:
  /// Notes that from `begin` to `end` somebody was in `state`, on `core` (-1: on none, or not
  /// known). `what` says who or what, where the lane's own name doesn't; it must outlive the lane:
  /// a literal. Stretches of no length are left out. Allocates only past the room reserved.
  void add(TaskState state, Clock::time_point begin, Clock::time_point end, int core = -1,
           const char* what = "")
  {
    if (begin < end) slices_.push_back({begin, end, what, core, state});
  }

 private:
  friend class Timeline;
  struct Slice {
    Clock::time_point begin;
    Clock::time_point end;
    const char* what;
    int core;
    TaskState state;
  };
  std::string name_;
  std::vector<Slice> slices_;
};

/// The lanes of each series of an experiment. Collecting costs a reading of the clock and a push
/// into memory that is already there; nothing is written before write().
class Timeline {
 public:
  Timeline() = default;
  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;

  /// A series begins: lanes are its own from here on. The experiment says so
  /// (harness/experiment.hpp).
  void begin_series(const std::string& series);

  /// An iteration of the series begins: the lanes of the one before are forgotten, so that the last
  /// is what is seen. Ends the life of the references to them.
  void begin_iteration();

  /// A new lane of the series, below those made before; it lives until the next iteration begins.
  /// Room for `reserved` slices is made at once. Any thread.
  Lane& lane(std::string name, std::size_t reserved = 1024);

  /// Whether nobody has noted anything.
  [[nodiscard]] bool empty() const;

  /// The Trace Event Format that chrome://tracing and Perfetto open: a process for each series, a
  /// thread for each lane, times in microseconds from the first slice of the series on. Call it
  /// when nobody adds any more. Source: Google, "Trace Event Format" (complete events, ph X).
  [[nodiscard]] std::string to_chrome_trace(std::string_view experiment) const;

  /// Writes it to `path`, beside it first and then renamed: a reader sees a whole file or none.
  /// Blocks. Throws SyscallError naming the path.
  void write(const std::string& path, std::string_view experiment) const;

 private:
  std::mutex mutex_;
  std::string series_;
  std::map<std::string, std::deque<Lane>>
      lanes_;  // by series; a deque's elements stay where they are
};

/// A stretch in which a task computes on its own thread, looked at between its small steps. Where
/// the clock has jumped between two looks, the task had no core: that much is ready, the rest
/// running.
class Computing {
 public:
  /// The task could have run since `wanted`; what is between that and now, it was ready.
  Computing(Lane& lane, Clock::time_point wanted, const char* what = "");
  Computing(const Computing&) = delete;
  Computing& operator=(const Computing&) = delete;
  /// Notes the stretch that is left.
  ~Computing();

  /// Between two steps. `longest_step`: what lasts longer was an absence. Returns now.
  Clock::time_point look(Clock::duration longest_step = std::chrono::milliseconds(1));

 private:
  Lane& lane_;
  const char* what_;
  Clock::time_point begin_;
  Clock::time_point seen_;
  int core_;
};

}  // namespace two_cakes
