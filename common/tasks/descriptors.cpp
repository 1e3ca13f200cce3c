#include "tasks/descriptors.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

// A tag names an opening of a descriptor, not its number: the number of a closed one comes back
// for another connection, and an event that is still in the batch would reach the wrong one.
std::uint64_t tag_of(int fd, std::uint32_t generation)
{
  return static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint32_t>(fd);
}

int fd_of(std::uint64_t tag) { return static_cast<int>(tag & 0xffffffff); }

}  // namespace

Descriptors::Descriptors(std::unique_ptr<Completion> completion)
{
  auto completions = std::make_unique<CompletionPoller>(std::move(completion));
  completions_ = completions.get();
  poller_ = std::move(completions);
}

Ready Descriptors::Entry::wanted() const
{
  Ready wanted = watched;
  if (reader != nullptr) wanted = wanted | Ready::kRead;
  if (writer != nullptr) wanted = wanted | Ready::kWrite;
  return wanted;
}

Descriptors::Entry& Descriptors::entry_of(int fd)
{
  if (fd < 0) throw SyscallError(EBADF, "wait for", "descriptor " + std::to_string(fd));
  return entries_.made(fd);
}

void Descriptors::watch_own(int fd, std::function<void()> callback)
{
  own_fd_ = fd;
  own_callback_ = std::move(callback);
  poller_->add(fd, Ready::kRead, tag_of(fd, 0));
}

void Descriptors::watch(int fd, Ready interest, Callback callback)
{
  if (interest == Ready::kNothing) return unwatch(fd);
  Entry& entry = entry_of(fd);
  const bool waited_before = entry.waited_for();
  const Ready watched_before = std::exchange(entry.watched, interest);
  ++entry.generation;  // an event that is still in the batch isn't this callback's
  try {
    adjust(fd, entry, true);
  } catch (...) {
    entry.watched = watched_before;
    throw;
  }
  entry.callback = std::move(callback);
  if (!waited_before) ++waited_for_;
}

void Descriptors::unwatch(int fd)
{
  if (!entries_.has(fd)) return;
  Entry& entry = entries_[fd];
  if (entry.watched == Ready::kNothing) return;
  entry.watched = Ready::kNothing;
  entry.callback = nullptr;
  if (entry.waited_for()) return adjust(fd, entry);
  --waited_for_;
  if (!entry.open) forget(fd, entry);
}

void Descriptors::open(int fd)
{
  Entry& entry = entry_of(fd);
  close(fd);
  entry.open = true;
}

void Descriptors::close(int fd)
{
  Entry& entry = entries_[fd];
  if (entry.waited_for()) --waited_for_;
  entry.watched = Ready::kNothing;
  entry.callback = nullptr;
  DescriptorWaiting* const reader = std::exchange(entry.reader, nullptr);
  DescriptorWaiting* const writer = std::exchange(entry.writer, nullptr);
  forget(fd, entry);
  if (reader != nullptr) reader->closed();
  if (writer != nullptr) writer->closed();
}

void Descriptors::wait_for(int fd, Ready interest, DescriptorWaiting& waiting)
{
  Entry& entry = entry_of(fd);
  DescriptorWaiting*& place = interest == Ready::kRead ? entry.reader : entry.writer;
  if (place != nullptr || includes(entry.watched, interest))
    throw SyscallError(EEXIST, "wait for", "descriptor " + std::to_string(fd));
  const bool waited_before = entry.waited_for();
  place = &waiting;
  if (!includes(entry.registered, interest)) {
    try {
      adjust(fd, entry);
    } catch (...) {
      place = nullptr;
      throw;
    }
  }
  if (!waited_before) ++waited_for_;
}

void Descriptors::stop_waiting(int fd, Ready interest)
{
  Entry& entry = entries_[fd];
  (interest == Ready::kRead ? entry.reader : entry.writer) = nullptr;
  const bool waited_for = entry.waited_for();
  if (!waited_for) --waited_for_;
  if (entry.open) return;
  if (waited_for) adjust(fd, entry);
  else forget(fd, entry);
}

// Brings the poller to what is wanted: for what is open only where more is, see narrow().
void Descriptors::adjust(int fd, Entry& entry, bool new_tag)
{
  Ready interest = entry.wanted();
  if (entry.open && edge_triggered_) interest = Ready::kBoth;
  if (!entry.known) poller_->add(fd, interest, tag_of(fd, entry.generation));
  else if (new_tag || interest != entry.registered)
    poller_->modify(fd, interest, tag_of(fd, entry.generation));
  entry.known = true;
  entry.registered = interest;
}

void Descriptors::forget(int fd, Entry& entry)
{
  ++entry.generation;
  entry.open = false;
  entry.input = false;
  entry.plain = false;
  entry.writes = 0;
  entry.registered = Ready::kNothing;
  if (!std::exchange(entry.known, false)) return;
  try {
    poller_->remove(fd);
  } catch (const SyscallError&) {
    // It was closed before it was forgotten, and the kernel has forgotten it, too.
  }
}

/// After a call that failed: whether it is to be repeated, after a signal, or by the other call.
bool Descriptors::try_again(Entry& entry)
{
  if (errno == EINTR) return true;
  return errno == ENOTSOCK && !std::exchange(entry.plain, true);
}

/// Before a write. With Nagle's algorithm, a small one waits while another is unacknowledged.
void Descriptors::count_write(int fd, Entry& entry)
{
  const int on = 1;  // best effort: it may be no TCP socket
  if (++entry.writes == kAtOnce) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Descriptors::call_back(int fd, Entry& entry, Ready ready)
{
  const std::uint32_t generation = entry.generation;
  Callback callback = std::move(entry.callback);  // it may unwatch itself while it runs
  const auto put_back = [&] {
    if (entry.generation != generation) return;
    entry.callback = std::move(callback);
    // Whoever watches is called as long as it is ready: an edge must be asked for anew.
    if (edge_triggered_) poller_->modify(fd, entry.registered, tag_of(fd, generation));
  };
  try {
    callback(ready);
  } catch (...) {
    put_back();
    throw;
  }
  put_back();
}

void Descriptors::dispatch(const ReadyEvent& event)
{
  const int fd = fd_of(event.tag);
  if (fd == own_fd_) return own_callback_();
  if (!entries_.has(fd)) return;
  Entry& entry = entries_[fd];
  const std::uint32_t generation = entry.generation;
  if (tag_of(fd, generation) != event.tag) return;

  if (includes(event.ready, entry.watched)) return call_back(fd, entry, event.ready);
  Ready unwanted = Ready::kNothing;
  if (includes(event.ready, Ready::kRead)) {
    entry.input = true;
    if (entry.reader != nullptr) entry.reader->ready();
    else unwanted = Ready::kRead;
  }
  if (includes(event.ready, Ready::kWrite) && entry.generation == generation) {
    if (entry.writer != nullptr) entry.writer->ready();
    else unwanted = unwanted | Ready::kWrite;
  }
  if (unwanted != Ready::kNothing && entry.generation == generation) narrow(fd, entry, unwanted);
}

bool Descriptors::wait_and_dispatch(Clock::time_point deadline)
{
  // A callback's exception leaves in the middle. What it leaves here an edge wouldn't tell again.
  if (next_event_ == events_.size()) {
    next_event_ = 0;
    poller_->wait(events_, deadline);
  }
  const bool any = !events_.empty();
  while (next_event_ < events_.size()) {
    if (next_event_ % kEventsAhead == 0) look_ahead();
    dispatch(ReadyEvent(events_[next_event_++]));
  }
  return any;
}

// Of a thousand connections little stays in a core's caches, or in its TLB, and before a system
// call the core waits for every line that it lacks. So what the next events need is read for all of
// them at once, one step of the way after the other: then the waits of a step overlap. (Read: a
// prefetch is dropped where the TLB doesn't have the page. 1 % of an echo's time with 1,000
// clients.)
void Descriptors::look_ahead() const
{
  std::array<const DescriptorWaiting*, kEventsAhead> readers{};
  const std::size_t count = std::min(kEventsAhead, events_.size() - next_event_);
  for (std::size_t i = 0; i < count; ++i) {
    const int fd = fd_of(events_[next_event_ + i].tag);
    if (entries_.has(fd)) readers[i] = entries_[fd].reader;
  }
  for (const auto* reader : readers) touch(reader);
  for (const auto* reader : readers) {
    const TaskFrame* const waiter = reader != nullptr ? reader->waiter() : nullptr;
    if (waiter == nullptr) continue;
    const auto* const frame = reinterpret_cast<const char*>(waiter);
    touch(frame);
    __builtin_prefetch(frame + 64);
    __builtin_prefetch(frame + 128);
  }
}

// A level-triggered poller would report it in every turn, until somebody reads. An error or a
// hang-up epoll and poll report to who is interested in nothing, too: so it leaves them then.
void Descriptors::narrow(int fd, Entry& entry, Ready unwanted)
{
  const Ready interest = without(entry.registered, unwanted) | entry.wanted();
  if (edge_triggered_ || interest == entry.registered) return;
  if (interest == Ready::kNothing && completions_ == nullptr) {
    poller_->remove(fd);
    entry.known = false;
  } else {
    poller_->modify(fd, interest, tag_of(fd, entry.generation));
  }
  entry.registered = interest;
}

}  // namespace two_cakes
