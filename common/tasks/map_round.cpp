#include "tasks/map_round.hpp"

#include <optional>
#include <utility>

#include "base/bytes.hpp"

namespace two_cakes {
namespace {

/// What stands before an outcome that is too big for the board.
struct BigOutcome {
  std::uint32_t place;
  std::uint32_t failed;
};

}  // namespace

MapRound::MapRound(JobBoard& board, std::span<const std::string> jobs)
    : board_(board),
      count_(jobs.size()),
      round_(board.lay_out(jobs))
{
}

std::string MapRound::invitation(JobBoard::Visit visit) { return to_bytes(visit); }

std::string MapRound::follow(std::string_view invitation, JobBoard& board,
                             const JobHandler& handler)
{
  const auto visit = from_bytes<JobBoard::Visit>(invitation);
  while (const auto place = board.take(visit)) {
    const ProcessResult result = outcome_of(handler, board.job(*place));
    if (board.answer(*place, result)) continue;
    const BigOutcome big{static_cast<std::uint32_t>(*place), result.good() ? 0u : 1u};
    return to_bytes(big) + (result.good() ? result.bytes : result.problem);
  }
  return {};
}

bool MapRound::visit_ended(JobBoard::Visit visit, const ProcessResult& result)
{
  if (settled_ == count_) return false;  // too late: the board may be another round's by now
  if (!result.good()) {
    lose(visit, result.problem);
  } else if (!result.bytes.empty()) {
    const auto big =
        from_bytes<BigOutcome>(std::string_view(result.bytes).substr(0, sizeof(BigOutcome)));
    std::string bytes = result.bytes.substr(sizeof big);
    elsewhere_[big.place] =
        big.failed != 0 ? failure(std::move(bytes)) : ProcessResult{std::move(bytes), {}};
    board_.settle(big.place);
  }
  // They are taken in order: where any waits, the last does.
  const bool another = board_.waits(count_ - 1);
  while (settled_ < count_ && board_.settled(settled_)) ++settled_;
  if (settled_ == count_) all_settled_.set_value();
  return another;
}

/// What the lost worker had in hand fails. Where it had nothing, no job is lost with it; but where
/// none was settled since the last loss, the next one is, so that workers who are always lost at
/// once come to an end.
void MapRound::lose(JobBoard::Visit visit, const std::string& problem)
{
  auto place = board_.taken_on(visit);
  if (!place && board_.settled_of(count_) == settled_at_loss_) place = board_.take(visit);
  if (place) {
    elsewhere_[*place] = failure(problem);
    board_.settle(*place);
  }
  settled_at_loss_ = board_.settled_of(count_);
}

std::vector<ProcessResult> MapRound::results()
{
  all_settled_.get_future().wait();
  std::vector<ProcessResult> results;
  for (std::size_t place = 0; place < count_; ++place) {
    const auto found = elsewhere_.find(place);
    results.push_back(found == elsewhere_.end() ? board_.result(place) : std::move(found->second));
  }
  return results;
}

}  // namespace two_cakes
