// What a loop knows of each descriptor: who waits for it, and what the poller watches it for.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "os/pipe.hpp"
#include "tasks/completion_poller.hpp"
#include "tasks/descriptor_table.hpp"
#include "tasks/waiting.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

/// A coroutine that waits for a descriptor.
class DescriptorWaiting : public Waiting {
 public:
  /// It can be read (or written) now. Either goes on, or stays where it is and waits for more.
  virtual void ready() = 0;
  /// The descriptor was closed by its owner: there is nothing to wait for any more.
  virtual void closed() = 0;

  [[nodiscard]] const TaskFrame* waiter() const { return waiter_; }

 protected:
  ~DescriptorWaiting() = default;

  TaskFrame* waiter_ = nullptr;
};

/// One entry for each number of a descriptor, used again and again. A descriptor that was opened
/// here stays with the poller from its first wait until it is closed, so that waiting costs no
/// system call: where an event comes and nobody waits, the poller's interest is narrowed, and
/// widened again by the next wait.
class Descriptors {
 public:
  using Callback = std::function<void(Ready)>;

  explicit Descriptors(std::unique_ptr<Poller> poller)
      : poller_(std::move(poller)),
        edge_triggered_(poller_->edge_triggered())
  {
  }
  explicit Descriptors(std::unique_ptr<Completion> completion);

  /// See EventLoop::watch().
  void watch(int fd, Ready interest, Callback callback);
  void unwatch(int fd);

  /// From now on until close(), `fd` stays with the poller; whatever was known of its number
  /// belonged to another descriptor, and is forgotten.
  void open(int fd);
  /// Forgets `fd`, which its owner closes then; whoever waits is told.
  void close(int fd);

  /// Tells `waiting` when `fd` is ready for `interest` (kRead or kWrite), again and again until
  /// stop_waiting(). Throws SyscallError: EEXIST where another one waits for the same already.
  void wait_for(int fd, Ready interest, DescriptorWaiting& waiting);
  void stop_waiting(int fd, Ready interest);

  /// The same, for a reader of an open `fd`: over io_uring the kernel receives ahead of it.
  void wait_for_bytes(int fd, DescriptorWaiting& waiting)
  {
    if (completions_ != nullptr) completions_->receive_ahead(fd);
    wait_for(fd, Ready::kRead, waiting);
  }

  /// Whether reading `fd`, which is open here, is worth a try: an event said so, and nobody has
  /// found it empty since.
  [[nodiscard]] bool may_have_input(int fd) const { return entries_[fd].input; }
  // Inline, down to the system call: after one, every return on the way back to the coroutine costs
  // more than its call did. 0.7 % of an echo's time.
  /// Reads from, or writes to, what is open here: a count, or -1 with errno. Never blocks. A caller
  /// without a buffer is shown where the bytes lie, until the next call or the next turn.
  inline ssize_t receive(int fd, std::span<char> buffer);
  inline ssize_t receive(int fd, const char*& bytes);
  inline ssize_t send(int fd, std::string_view bytes);

  /// How many descriptors somebody waits for.
  [[nodiscard]] std::size_t waited_for() const { return waited_for_; }

  /// Blocks until something is ready or `deadline`, and tells whoever waits for it. False where
  /// nothing was.
  bool wait_and_dispatch(Clock::time_point deadline);

  /// A descriptor of the loop itself: watched beside the others, and counted nowhere.
  void watch_own(int fd, std::function<void()> callback);

 private:
  struct alignas(64) Entry {             // a line of the cache
    std::uint32_t generation = 0;        // of the number: an event of a former owner is told by it
    Ready registered = Ready::kNothing;  // what the poller watches it for
    bool known = false;                  // to the poller
    bool open = false;
    bool input = false;
    bool plain = false;       // no socket: a pipe, say
    std::uint8_t writes = 0;  // up to kAtOnce, from which on small ones go out at once
    Ready watched = Ready::kNothing;
    DescriptorWaiting* reader = nullptr;
    DescriptorWaiting* writer = nullptr;
    Callback callback;

    [[nodiscard]] Ready wanted() const;
    [[nodiscard]] bool waited_for() const { return wanted() != Ready::kNothing; }
  };

  static constexpr std::size_t kBufferBytes = 64 * 1024;
  static constexpr std::uint8_t kAtOnce = 2;

  [[nodiscard]] bool is_received_ahead(int fd) const
  {
    return completions_ != nullptr && completions_->receives_ahead(fd);
  }
  static bool try_again(Entry& entry);
  static void count_write(int fd, Entry& entry);
  Entry& entry_of(int fd);
  void adjust(int fd, Entry& entry, bool new_tag = false);
  void forget(int fd, Entry& entry);
  void look_ahead() const;
  // Inline, for the same reason as receive() and send().
  inline void dispatch(const ReadyEvent& event);
  inline void call_back(int fd, Entry& entry, Ready ready);
  void narrow(int fd, Entry& entry, Ready unwanted);

  std::unique_ptr<Poller> poller_;
  bool edge_triggered_ = false;
  CompletionPoller* completions_ = nullptr;  // the poller, where it is one
  DescriptorTable<Entry> entries_;
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(kBufferBytes);
  std::vector<ReadyEvent> events_;
  std::size_t next_event_ = 0;  // of them; the end where all have been told
  std::size_t waited_for_ = 0;
  int own_fd_ = -1;
  std::function<void()> own_callback_;
};

ssize_t Descriptors::receive(int fd, std::span<char> buffer)
{
  Entry& entry = entries_[fd];
  if (is_received_ahead(fd)) {
    const ssize_t count = completions_->receive(fd, buffer);
    entry.input = completions_->has_input(fd);
    return count;
  }
  ssize_t count = -1;
  do
    count = entry.plain ? ::read(fd, buffer.data(), buffer.size())
                        : ::recv(fd, buffer.data(), buffer.size(), 0);
  while (count == -1 && try_again(entry));
  // Fewer bytes than asked for mean that there are no more now. An edge-triggered poller doesn't
  // say again what it has said, so there only a read that would block means that.
  const auto wanted = static_cast<ssize_t>(buffer.size());
  if (count == -1 || (count < wanted && !edge_triggered_)) entry.input = false;
  return count;
}

ssize_t Descriptors::receive(int fd, const char*& bytes)
{
  if (is_received_ahead(fd)) {
    const ssize_t count = completions_->receive(fd, bytes);
    entries_[fd].input = completions_->has_input(fd);
    return count;
  }
  bytes = buffer_.get();
  return receive(fd, {buffer_.get(), kBufferBytes});
}

ssize_t Descriptors::send(int fd, std::string_view bytes)
{
  Entry& entry = entries_[fd];
  if (entry.writes < kAtOnce) [[unlikely]]
    count_write(fd, entry);
  ssize_t count = -1;
  do
    count = entry.plain ? write_without_sigpipe(fd, bytes)
                        : ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  while (count == -1 && try_again(entry));
  return count;
}

}  // namespace two_cakes
