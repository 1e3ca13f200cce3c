#include "tasks/completion_poller.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

// How many buffers may wait for a slow reader: then the sender has to wait, as TCP would have it.
constexpr std::size_t kMostAhead = 8;

[[noreturn]] void fail(int error, int fd)
{
  throw SyscallError(error, "wait for", "descriptor " + std::to_string(fd));
}

// Kind, generation and descriptor in the 62 bits of a tag.
std::uint64_t operation(int fd, std::uint32_t generation, int kind)
{
  return static_cast<std::uint64_t>(kind) << 60 |
         static_cast<std::uint64_t>(generation & 0xfffffff) << 32 | static_cast<std::uint32_t>(fd);
}

}  // namespace

void CompletionPoller::add(int fd, Ready interest, std::uint64_t tag)
{
  if (fd < 0 || ::fcntl(fd, F_GETFD) == -1) fail(EBADF, fd);
  Slot& one = slots_.made(fd);
  if (one.known) fail(EEXIST, fd);
  one.known = true;
  one.tag = tag;
  one.interest = interest;
  later(fd, one);
}

void CompletionPoller::modify(int fd, Ready interest, std::uint64_t tag)
{
  if (!slots_.has(fd) || !slots_[fd].known) fail(ENOENT, fd);
  Slot& one = slots_[fd];
  one.tag = tag;
  one.interest = interest;
  later(fd, one);
}

void CompletionPoller::remove(int fd)
{
  if (!slots_.has(fd) || !slots_[fd].known) fail(ENOENT, fd);
  Slot& one = slots_[fd];
  for (int kind = 0; kind < 3; ++kind)
    if (one.under_way[kind]) completion_->cancel(operation(fd, one.generation, kind));
  for (std::size_t i = one.first; i < one.lent.size(); ++i) drop(one.lent[i]);
  one.lent.clear();
  Slot fresh;
  fresh.generation = one.generation + 1;  // what is still under way isn't the next owner's
  fresh.queued = one.queued;
  fresh.lent = std::move(one.lent);  // its memory
  one = std::move(fresh);
}

void CompletionPoller::later(int fd, Slot& one)
{
  if (!std::exchange(one.queued, true)) unarmed_.push_back(fd);
}

void CompletionPoller::arm(int fd, Slot& one)
{
  if (!one.known) return;
  if (includes(one.interest, Ready::kRead)) {
    if (!one.ahead) start(fd, one, Kind::kPollRead);
    else if (!one.ended && one.error == 0 && one.lent.size() - one.first < kMostAhead)
      start(fd, one, Kind::kReceive);
  }
  if (includes(one.interest, Ready::kWrite)) start(fd, one, Kind::kPollWrite);
}

void CompletionPoller::start(int fd, Slot& one, Kind kind)
{
  if (std::exchange(one.under_way[static_cast<int>(kind)], true)) return;
  const std::uint64_t tag = operation(fd, one.generation, static_cast<int>(kind));
  switch (kind) {
    case Kind::kReceive:
      return completion_->receive(fd, tag);
    case Kind::kPollRead:
      return completion_->await_ready(fd, Ready::kRead, tag);
    case Kind::kPollWrite:
      return completion_->await_ready(fd, Ready::kWrite, tag);
  }
}

void CompletionPoller::wait(std::vector<ReadyEvent>& events, Clock::time_point deadline)
{
  events.clear();
  for (Lent& lent : shown_) drop(lent);
  shown_.clear();
  looked_at_.swap(unarmed_);
  for (const int fd : looked_at_) {
    Slot& one = slots_[fd];
    one.queued = false;
    keep(one);
    arm(fd, one);
    // What was reported and not taken is reported again: level-triggered.
    if (!one.known || !one.has_input() || !includes(one.interest, Ready::kRead)) continue;
    report(one, Ready::kRead, events);
    later(fd, one);
  }
  looked_at_.clear();
  completion_->wait(completed_, events.empty() ? deadline : Clock::time_point{});
  for (const CompletionEvent& event : completed_) take(event, events);
}

// A buffer that a slow reader held would be missing to all others, and one of these may be whom it
// waits for. So what nobody has taken by the end of the turn is copied, and the buffer goes back.
void CompletionPoller::keep(Slot& one)
{
  for (std::size_t i = one.first; i < one.lent.size(); ++i) {
    Lent& lent = one.lent[i];
    if (lent.buffer == kNoBuffer) continue;
    lent.own = std::make_unique_for_overwrite<char[]>(lent.bytes.size());
    std::memcpy(lent.own.get(), lent.bytes.data(), lent.bytes.size());
    lent.bytes = {lent.own.get(), lent.bytes.size()};
    completion_->give_back(std::exchange(lent.buffer, kNoBuffer));
  }
}

void CompletionPoller::drop(Lent& lent)
{
  if (lent.buffer != kNoBuffer) completion_->give_back(lent.buffer);
  lent.own.reset();
}

void CompletionPoller::take(const CompletionEvent& event, std::vector<ReadyEvent>& events)
{
  const int fd = static_cast<int>(event.tag & 0xffffffff);
  const auto kind = static_cast<int>(event.tag >> 60);
  Slot& one = slots_[fd];
  if (operation(fd, one.generation, kind) != event.tag) {  // of a former owner
    if (event.buffer != kNoBuffer) completion_->give_back(event.buffer);
    return;
  }
  if (!event.more) {
    one.under_way[kind] = false;
    later(fd, one);  // if it is still wanted
  }
  if (kind == static_cast<int>(Kind::kReceive)) {
    const bool reported = one.has_input();
    take_received(one, event);
    if (one.has_input() && !reported) report(one, Ready::kRead, events);
    if (one.has_input()) later(fd, one);
  } else {
    const Ready ready = completion_->readiness(event);
    report(one, event.result < 0 && event.result != -ECANCELED ? Ready::kBoth : ready, events);
  }
}

void CompletionPoller::take_received(Slot& one, const CompletionEvent& event)
{
  if (event.buffer != kNoBuffer) {
    if (one.first >= kMostAhead) {  // a reader that never quite catches up
      one.lent.erase(one.lent.begin(), one.lent.begin() + static_cast<std::ptrdiff_t>(one.first));
      one.first = 0;
    }
    one.lent.push_back({completion_->received(event), event.buffer, nullptr});
    if (one.lent.size() - one.first >= kMostAhead && event.more && !one.pausing) {
      one.pausing = true;
      completion_->cancel(event.tag);
    }
  } else if (event.result == 0) {
    one.ended = true;
  } else if (event.result == -ENOTSOCK) {
    one.ahead = false;  // a pipe, or a terminal: it is waited for, and read
  } else if (event.result != -ECANCELED) {
    one.error = -event.result;
  }
  if (!event.more) one.pausing = false;
}

void CompletionPoller::report(const Slot& one, Ready ready, std::vector<ReadyEvent>& events)
{
  if (includes(one.interest, ready)) events.push_back({one.tag, ready});
}

ssize_t CompletionPoller::receive(int fd, std::span<char> buffer)
{
  Slot& one = slots_[fd];
  std::size_t count = 0;
  while (count < buffer.size() && one.first < one.lent.size()) {
    Lent& lent = one.lent[one.first];
    const std::size_t piece = std::min(buffer.size() - count, lent.bytes.size());
    std::memcpy(buffer.data() + count, lent.bytes.data(), piece);
    count += piece;
    lent.bytes = lent.bytes.subspan(piece);
    if (!lent.bytes.empty()) break;
    drop(lent);
    ++one.first;
  }
  return buffer.empty() ? 0 : taken(fd, one, count);
}

ssize_t CompletionPoller::receive(int fd, const char*& bytes)
{
  Slot& one = slots_[fd];
  if (one.first == one.lent.size()) return taken(fd, one, 0);
  shown_.push_back(std::move(one.lent[one.first++]));
  bytes = shown_.back().bytes.data();
  return taken(fd, one, shown_.back().bytes.size());
}

/// What a receive() returns that has taken `count` bytes from what was there.
ssize_t CompletionPoller::taken(int fd, Slot& one, std::size_t count)
{
  if (one.first == one.lent.size()) {
    one.lent.clear();
    one.first = 0;
  }
  if (!one.under_way[0]) later(fd, one);
  if (count > 0 || one.ended) return static_cast<ssize_t>(count);
  errno = one.error != 0 ? std::exchange(one.error, 0) : EAGAIN;
  if (errno != EAGAIN) one.ended = true;
  return -1;
}

}  // namespace two_cakes
