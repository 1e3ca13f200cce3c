// Many jobs done by a pool's workers together, and awaited together.
#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/job_board.hpp"
#include "tasks/process_result.hpp"

namespace two_cakes {

/// A round of a board, from the side of the pool. Each worker gets one message, an invitation, and
/// then does jobs until none waits; so a job costs no message of its own, and wakes nobody up who
/// would take a core from the workers. A visit that ends before that, as the worker was killed or
/// had an answer too big for the board, is followed by another one.
class MapRound {
 public:
  /// Lays the jobs out, which must fit. The board must outlive the round.
  MapRound(JobBoard& board, std::span<const std::string> jobs);

  /// Another visit: on the thread that made the round, or later on that of visit_ended().
  JobBoard::Visit next_visit() { return {round_, visits_++}; }

  /// The message that invites a worker.
  static std::string invitation(JobBoard::Visit visit);

  /// In the worker: follows an invitation. Returns what is to be sent back.
  static std::string follow(std::string_view invitation, JobBoard& board,
                            const JobHandler& handler);

  /// Takes in how a visit ended, on one thread for all visits of a round. True where jobs still
  /// wait, for another visit.
  bool visit_ended(JobBoard::Visit visit, const ProcessResult& result);

  /// Blocks until every job has its outcome; then the board is free. The outcomes are in the order
  /// of the jobs.
  std::vector<ProcessResult> results();

 private:
  void lose(JobBoard::Visit visit, const std::string& problem);

  JobBoard& board_;
  const std::size_t count_;
  const std::uint32_t round_;
  std::uint32_t visits_ = 0;
  std::size_t settled_ = 0;                         // so many at the front
  std::size_t settled_at_loss_ = 0;                 // so many in all, when a worker was lost last
  std::map<std::size_t, ProcessResult> elsewhere_;  // outcomes that aren't on the board, by place
  std::promise<void> all_settled_;
};

}  // namespace two_cakes
