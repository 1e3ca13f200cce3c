// What a loop is given to do, and the record of what it did. Knows nothing of any loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/units.hpp"
#include "os/usage.hpp"

namespace two_cakes {

enum class LoadKind {
  kConversations,  // many messages at once, each of which computes and then asks the next
  kMessage,        // a thread posts a message now and then
  kTimer,          // something is due now and then
  kSocket          // a socket receives a few bytes now and then
};

/// "conversations", "message", "timer" or "socket".
std::string_view to_string(LoadKind kind);

struct Load {
  LoadKind kind = LoadKind::kConversations;
  int conversations = 0;
  int turns = 0;                      // messages of each conversation
  std::chrono::microseconds work{0};  // for each of them
  int events = 0;                     // messages, timers or bytes of the other three
  std::chrono::microseconds period{0};

  [[nodiscard]] int messages() const
  {
    return kind == LoadKind::kConversations ? conversations * turns : events;
  }
};

/// A message: its number in the order in which they were posted, and since when it could have been
/// handled.
struct Note {
  int number = 0;
  Clock::time_point due;
};

/// Which messages were handled, in which order, and how late. Belongs to the loop's thread.
class Log {
 public:
  explicit Log(const Load& load) : expected_(load.messages()) { handled_.reserve(expected_); }

  /// A message that is posted now.
  Note posted() { return {posted_++, Clock::now()}; }
  /// A message that is due at `when`.
  Note due_at(Clock::time_point when) { return {posted_++, when}; }
  void handled(const Note& note) { handled_.push_back({note, Clock::now()}); }
  /// Whether that was all.
  [[nodiscard]] bool complete() const { return handled_.size() == expected_; }

  struct Entry {
    Note note;
    Clock::time_point at;
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return handled_; }

  /// How many pairs of messages were handled the other way round than they were posted.
  [[nodiscard]] long inversions() const;
  /// How many messages were handled before the first that was posted.
  [[nodiscard]] long overtakers() const;

 private:
  std::size_t expected_;
  std::vector<Entry> handled_;
  int posted_ = 0;
};

/// Computes for as long.
void compute(std::chrono::microseconds work);

/// How one loop came through one load.
struct Outcome {
  Log log;
  long turns = 0;                   // how often the loop went round
  std::chrono::nanoseconds cpu{0};  // that its thread used
};

/// Calls `run()`, and returns what came of it: what `log` holds then, and what was used meanwhile.
template <class Run>
Outcome with_costs(Run run, Log& log)
{
  const auto cpu_before = cpu_time_of_thread();
  const long turns = run();
  const auto cpu = cpu_time_of_thread() - cpu_before;
  return {std::move(log), turns, cpu};
}

}  // namespace two_cakes
