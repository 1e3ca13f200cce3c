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

int fd_of(const CompletionEvent& event) { return static_cast<int>(event.tag & 0xffffffff); }

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
  one.lent.for_each([this](Lent& lent) { drop(lent); });
  unlist(one);
  Slot fresh;
  fresh.generation = one.generation + 1;  // what is still under way isn't the next owner's
  fresh.queued = one.queued;
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
    else if (!one.ended && one.error == 0 && one.lent.size() < kMostAhead)
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
  report_unread(events);
  looked_at_.swap(unarmed_);
  for (const int fd : looked_at_) {
    Slot& one = slots_[fd];
    one.queued = false;
    arm(fd, one);
    if (one.has_input() && !one.listed && includes(one.interest, Ready::kRead))
      list(fd, one, events);
  }
  looked_at_.clear();
  completion_->wait(completed_, events.empty() ? deadline : Clock::time_point{});
  for (std::size_t i = 0; i < completed_.size(); ++i) {
    if (i % kEventsAhead == 0) look_ahead(i);
    take(completed_[i], events);
  }
}

/// Reports input, and sees to it that the next turn looks whether it was taken.
void CompletionPoller::list(int fd, Slot& one, std::vector<ReadyEvent>& events)
{
  one.listed = true;
  ++listed_;
  unread_.push_back(fd);
  report(one, Ready::kRead, events);
}

bool CompletionPoller::unlist(Slot& one)
{
  if (!std::exchange(one.listed, false)) return false;
  --listed_;
  return true;
}

// What was reported and not taken is reported again: level-triggered. Mostly all of it was taken,
// and nobody has to be looked at.
void CompletionPoller::report_unread(std::vector<ReadyEvent>& events)
{
  looked_at_.swap(unread_);
  for (const int fd : looked_at_) {
    if (listed_ == 0) break;
    Slot& one = slots_[fd];
    if (!unlist(one)) continue;
    keep(one);
    if (includes(one.interest, Ready::kRead)) list(fd, one, events);
  }
  looked_at_.clear();
}

// As Descriptors::look_ahead(): the waits for memory overlap.
void CompletionPoller::look_ahead(std::size_t from) const
{
  const std::size_t end = std::min(from + kEventsAhead, completed_.size());
  for (std::size_t i = from; i < end; ++i) touch(&slots_[fd_of(completed_[i])]);
}

// A buffer that a slow reader held would be missing to all others, and one of these may be whom it
// waits for. So what nobody has taken by the end of the turn is copied, and the buffer goes back.
void CompletionPoller::keep(Slot& one)
{
  one.lent.for_each([this](Lent& lent) {
    if (lent.buffer == kNoBuffer) return;
    lent.own = std::make_unique_for_overwrite<char[]>(lent.size);
    std::memcpy(lent.own.get(), lent.bytes, lent.size);
    lent.bytes = lent.own.get();
    completion_->give_back(std::exchange(lent.buffer, kNoBuffer));
  });
}

void CompletionPoller::drop(Lent& lent)
{
  if (lent.buffer != kNoBuffer) completion_->give_back(lent.buffer);
  lent.own.reset();
}

void CompletionPoller::take(const CompletionEvent& event, std::vector<ReadyEvent>& events)
{
  const int fd = fd_of(event);
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
    take_received(one, event);
    if (one.has_input() && !one.listed) list(fd, one, events);
  } else {
    const Ready ready = completion_->readiness(event);
    report(one, event.result < 0 && event.result != -ECANCELED ? Ready::kBoth : ready, events);
  }
}

void CompletionPoller::take_received(Slot& one, const CompletionEvent& event)
{
  if (event.buffer != kNoBuffer) {
    const std::span<const char> bytes = completion_->received(event);
    one.lent.push({bytes.data(), static_cast<std::uint32_t>(bytes.size()), event.buffer, nullptr});
    if (one.lent.size() >= kMostAhead && event.more && !one.pausing) {
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
  while (count < buffer.size() && !one.lent.empty()) {
    Lent& lent = one.lent.front();
    const std::size_t piece = std::min<std::size_t>(buffer.size() - count, lent.size);
    std::memcpy(buffer.data() + count, lent.bytes, piece);
    count += piece;
    lent.bytes += piece;
    lent.size -= static_cast<std::uint32_t>(piece);
    if (lent.size > 0) break;
    drop(lent);
    one.lent.pop();
  }
  return buffer.empty() ? 0 : taken(fd, one, count);
}

ssize_t CompletionPoller::receive(int fd, const char*& bytes)
{
  Slot& one = slots_[fd];
  if (one.lent.empty()) return taken(fd, one, 0);
  shown_.push_back(std::move(one.lent.front()));
  one.lent.pop();
  bytes = shown_.back().bytes;
  return taken(fd, one, shown_.back().size);
}

/// What a receive() returns that has taken `count` bytes from what was there.
ssize_t CompletionPoller::taken(int fd, Slot& one, std::size_t count)
{
  if (!one.has_input()) unlist(one);
  if (!one.under_way[0]) later(fd, one);
  if (count > 0 || one.ended) return static_cast<ssize_t>(count);
  errno = one.error != 0 ? std::exchange(one.error, 0) : EAGAIN;
  if (errno != EAGAIN) one.ended = true;
  return -1;
}

void CompletionPoller::LentQueue::push(Lent lent)
{
  if (empty()) {
    first_ = std::move(lent);
  } else {
    if (rest_ == nullptr) rest_ = std::make_unique<std::deque<Lent>>();
    rest_->push_back(std::move(lent));
  }
}

void CompletionPoller::LentQueue::pop()
{
  first_ = {};
  if (rest_ == nullptr || rest_->empty()) return;
  first_ = std::move(rest_->front());
  rest_->pop_front();
}

template <class Function>
void CompletionPoller::LentQueue::for_each(Function function)
{
  if (empty()) return;
  function(first_);
  if (rest_ != nullptr) std::for_each(rest_->begin(), rest_->end(), function);
}

}  // namespace two_cakes
