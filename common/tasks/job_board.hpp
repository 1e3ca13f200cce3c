// Jobs laid out in memory that a process and its children share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "os/shared.hpp"
#include "tasks/process_result.hpp"

namespace two_cakes {

/// A round of up to kMostJobs small jobs. A worker process takes the next with one compare-and-swap
/// and leaves its answer in the job's place: no system call, and nobody is woken. The same step
/// says who has the job, so there is no moment in which a killed worker takes one away unseen.
///
/// Made before the workers are forked. Its process lays a round out once the one before is settled;
/// take() and answer() may be called at once by any process, the others by its own alone.
class JobBoard {
 public:
  static constexpr std::size_t kMostJobs = 1024;
  static constexpr std::size_t kMostBytes = 496;  // of a job, and of an answer

  /// A worker's stay at the board. It belongs to a round, and is too late for any other.
  struct Visit {
    std::uint32_t round;
    std::uint32_t number;
  };

  static bool fits(std::string_view bytes) { return bytes.size() <= kMostBytes; }

  /// Begins a round with `jobs`: at most kMostJobs, each of which fits. Returns its number.
  std::uint32_t lay_out(std::span<const std::string> jobs);

  /// The place of the next job in order, which is the visitor's from now on; nothing where none
  /// waits, or the round is over.
  std::optional<std::size_t> take(Visit visit);

  [[nodiscard]] std::string_view job(std::size_t place);

  /// Settles a job that was taken. False where the answer doesn't fit: then it is still taken.
  bool answer(std::size_t place, const ProcessResult& result);

  /// Settles a job whose outcome is kept elsewhere.
  void settle(std::size_t place);

  /// The place of the job that was taken on this visit and isn't settled.
  std::optional<std::size_t> taken_on(Visit visit);

  bool waits(std::size_t place);
  bool settled(std::size_t place);
  /// How many of the first `count` places are.
  std::size_t settled_of(std::size_t count);

  /// What answer() has left.
  ProcessResult result(std::size_t place);

 private:
  // Who has a job, or one of these numbers, which no visit has.
  using State = Visit;
  static constexpr std::uint32_t kWaits = ~0u, kAnswered = ~0u - 1, kFailed = ~0u - 2,
                                 kElsewhere = ~0u - 3;

  // Nothing here has a constructor: the memory comes filled with zeros, and a page of it that no
  // job lies on is never touched.
  struct Place {
    alignas(sizeof(State)) State state;
    std::uint32_t size;
    std::array<char, kMostBytes> bytes;  // the job, and then its answer
  };
  struct Places {
    std::uint64_t first;  // none before it waits
    std::array<Place, kMostJobs> all;
  };

  State state_of(std::size_t place);
  void set(std::size_t place, std::uint32_t number);
  void put(std::size_t place, std::string_view bytes);

  Shared<Places> places_;
  std::uint32_t round_ = 0;
};

}  // namespace two_cakes
