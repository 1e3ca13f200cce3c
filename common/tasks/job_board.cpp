#include "tasks/job_board.hpp"

#include <algorithm>
#include <atomic>

namespace two_cakes {
namespace {

template <class Value>
std::atomic_ref<Value> atomic(Value& value)
{
  // What isn't free of locks doesn't work across processes.
  static_assert(std::atomic_ref<Value>::is_always_lock_free);
  return std::atomic_ref<Value>(value);
}

}  // namespace

std::uint32_t JobBoard::lay_out(std::span<const std::string> jobs)
{
  if (++round_ == 0) ++round_;  // 0 is what a place has that was never used
  for (std::size_t place = 0; place < jobs.size(); ++place) {
    put(place, jobs[place]);
    atomic((*places_).all[place].state).store({round_, kWaits});
  }
  atomic((*places_).first).store(0);
  return round_;
}

std::optional<std::size_t> JobBoard::take(Visit visit)
{
  auto first = atomic((*places_).first);
  for (std::size_t place = first.load(); place < kMostJobs; ++place) {
    State seen{visit.round, kWaits};
    if (atomic((*places_).all[place].state).compare_exchange_strong(seen, visit)) {
      first.store(place + 1);  // it may go back where another was faster, but never too far
      return place;
    }
    if (seen.round != visit.round) break;  // behind the last job, or a round too late
  }
  return std::nullopt;
}

std::string_view JobBoard::job(std::size_t place)
{
  const Place& at = (*places_).all[place];
  return {at.bytes.data(), at.size};
}

bool JobBoard::answer(std::size_t place, const ProcessResult& result)
{
  const std::string& bytes = result.good() ? result.bytes : result.problem;
  if (!fits(bytes)) return false;
  put(place, bytes);
  set(place, result.good() ? kAnswered : kFailed);
  return true;
}

void JobBoard::settle(std::size_t place) { set(place, kElsewhere); }

std::optional<std::size_t> JobBoard::taken_on(Visit visit)
{
  for (std::size_t place = 0; place < kMostJobs; ++place) {
    const State state = state_of(place);
    if (state.round != visit.round) break;
    if (state.number == visit.number) return place;
  }
  return std::nullopt;
}

bool JobBoard::waits(std::size_t place) { return state_of(place).number == kWaits; }

bool JobBoard::settled(std::size_t place)
{
  const std::uint32_t number = state_of(place).number;
  return number == kAnswered || number == kFailed || number == kElsewhere;
}

std::size_t JobBoard::settled_of(std::size_t count)
{
  std::size_t settled_places = 0;
  for (std::size_t place = 0; place < count; ++place) settled_places += settled(place) ? 1 : 0;
  return settled_places;
}

ProcessResult JobBoard::result(std::size_t place)
{
  std::string bytes(job(place));
  if (state_of(place).number == kFailed) return failure(std::move(bytes));
  return {.bytes = std::move(bytes), .problem = {}};
}

JobBoard::State JobBoard::state_of(std::size_t place)
{
  return atomic((*places_).all[place].state).load();
}

void JobBoard::set(std::size_t place, std::uint32_t number)
{
  atomic((*places_).all[place].state).store({state_of(place).round, number});
}

void JobBoard::put(std::size_t place, std::string_view bytes)
{
  Place& at = (*places_).all[place];
  std::copy(bytes.begin(), bytes.end(), at.bytes.begin());
  at.size = static_cast<std::uint32_t>(bytes.size());
}

}  // namespace two_cakes
