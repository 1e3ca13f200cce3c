#include "tasks/process_pool.hpp"

#include <sys/socket.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/errors.hpp"
#include "os/pipe.hpp"
#include "wait/poller.hpp"

namespace two_cakes {
namespace {

/// On the channel a message is its kind and length, then its bytes.
struct Header {
  std::uint64_t size = 0;
  std::uint64_t failed = 0;  // 1: the bytes are what the handler threw
};

void send_message(const UniqueFd& channel, std::string_view bytes, bool failed)
{
  const Header header{.size = bytes.size(), .failed = failed ? 1u : 0u};
  const auto raw = std::bit_cast<std::array<char, sizeof header>>(header);
  write_all(channel, {raw.data(), raw.size()});
  write_all(channel, bytes);
}

/// False at the end of the stream.
bool receive_message(const UniqueFd& channel, Header& header, std::string& bytes)
{
  std::array<char, sizeof(Header)> raw{};
  if (!read_exactly(channel, raw)) return false;
  header = std::bit_cast<Header>(raw);
  bytes.resize(header.size);
  return header.size == 0 || read_exactly(channel, bytes);
}

struct Outcome {
  std::string bytes;
  bool failed = false;
};

Outcome outcome_of(const ProcessPool::Handler& handler, std::string_view job)
{
  try {
    return {handler(job)};
  } catch (const std::exception& error) {
    const std::string why = error.what();
    return {why.empty() ? "it failed without a reason" : why, true};
  }
}

int serve(const UniqueFd& channel, const ProcessPool::Handler& handler)
{
  Header header;
  std::string job;
  try {
    while (receive_message(channel, header, job)) {
      const Outcome outcome = outcome_of(handler, job);
      send_message(channel, outcome.bytes, outcome.failed);
    }
    return 0;
  } catch (const SyscallError&) {
    return 1;  // the parent is gone: there is nobody left to tell
  }
}

}  // namespace

ProcessPool::ProcessPool(int workers, Handler handler) : handler_(std::move(handler))
{
  if (workers < 1) throw UsageError("a process pool of " + std::to_string(workers) + " workers");
  for (int i = 0; i < workers; ++i) workers_.push_back(make_worker());
}

// Shutting the channels down tells the children to leave: closing would not, since each child
// inherited the ends of those that were made before it.
ProcessPool::~ProcessPool()
{
  for (Worker& worker : workers_) ::shutdown(worker.channel.get(), SHUT_RDWR);
  for (Worker& worker : workers_)
    if (worker.child.pid() != -1) worker.child.wait();  // -1: lost, and not replaced
}

ProcessPool::Worker ProcessPool::make_worker()
{
  auto [ours, theirs] = make_socket_pair();
  Child child = Child::fork([this, &ours, &theirs] {
    ours.reset();
    return serve(theirs, handler_);
  });
  return {std::move(child), std::move(ours)};
}

ProcessResult ProcessPool::collect(Worker& worker)
{
  Header header;
  ProcessResult result;
  try {
    if (receive_message(worker.channel, header, result.bytes)) {
      if (header.failed != 0) result.problem = std::exchange(result.bytes, {});
      return result;
    }
  } catch (const SyscallError&) {
    // It died in the middle of its answer, or with the job unread: the same to whoever waits for
    // it.
  }
  result.problem = "its worker was lost: " + worker.child.wait().to_string();
  result.bytes.clear();
  worker = make_worker();
  return result;
}

std::vector<ProcessResult> ProcessPool::map(const std::vector<std::string>& jobs)
{
  std::vector<ProcessResult> results(jobs.size());
  std::vector<std::size_t> job_of(workers_.size());
  const auto poller = make_epoll_poller();
  std::size_t next = 0;
  std::size_t done = 0;

  const auto hand_out = [&](std::size_t worker) {
    if (next == jobs.size()) return;
    job_of[worker] = next;
    poller->add(workers_[worker].channel.get(), Ready::kRead, worker);
    try {
      send_message(workers_[worker].channel, jobs[next++], false);
    } catch (const SyscallError&) {
      // The worker is dead already; its channel is readable, and collect() tells how it died.
    }
  };

  for (std::size_t worker = 0; worker < workers_.size(); ++worker) hand_out(worker);
  std::vector<ReadyEvent> events;
  while (done < jobs.size()) {
    poller->wait(events, Clock::time_point::max());
    for (const ReadyEvent& event : events) {
      const auto worker = static_cast<std::size_t>(event.tag);
      poller->remove(workers_[worker].channel.get());
      results[job_of[worker]] = collect(workers_[worker]);
      ++done;
      hand_out(worker);
    }
  }
  return results;
}

}  // namespace two_cakes
