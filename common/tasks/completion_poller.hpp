// Readiness on top of completion: a poller's contract, kept by io_uring.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "tasks/descriptor_table.hpp"
#include "wait/completion.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

/// Lets the loop and the coroutines on it be the same over both: a proactor that looks like a
/// reactor. (asio's epoll backend is the opposite: a reactor that looks like a proactor.) A stream
/// that is read is received ahead of its reader, into buffers that the kernel fills; "ready" then
/// means that bytes have come, and reading them costs no system call. Everything else is waited for
/// as by a poller. Operations are started, and cancelled, by the one system call of wait().
class CompletionPoller final : public Poller {
 public:
  explicit CompletionPoller(std::unique_ptr<Completion> completion)
      : completion_(std::move(completion))
  {
  }

  [[nodiscard]] std::string_view name() const override { return completion_->name(); }
  void add(int fd, Ready interest, std::uint64_t tag) override;
  void modify(int fd, Ready interest, std::uint64_t tag) override;
  void remove(int fd) override;
  void wait(std::vector<ReadyEvent>& events, Clock::time_point deadline) override;

  /// From now on, until remove(), the bytes of `fd` are received ahead.
  void receive_ahead(int fd) { slots_.made(fd).ahead = true; }
  [[nodiscard]] bool receives_ahead(int fd) { return slots_.made(fd).ahead; }
  /// Takes what has come: a count, 0 at the end of the stream, or -1 with errno: EAGAIN where
  /// nothing has.
  ssize_t receive(int fd, std::span<char> buffer);
  /// The same without copying: shows where the bytes of one buffer lie until the next wait().
  ssize_t receive(int fd, const char*& bytes);
  /// Whether receive() would give something now.
  [[nodiscard]] bool has_input(int fd) { return slots_[fd].has_input(); }

 private:
  enum class Kind : std::uint8_t { kReceive, kPollRead, kPollWrite };
  struct Lent {
    const char* bytes = nullptr;  // not taken yet
    std::uint32_t size = 0;
    std::uint16_t buffer = kNoBuffer;  // the kernel's; kNoBuffer where they lie in
    std::unique_ptr<char[]> own;
  };
  /// First in, first out. Nearly always one: it lies here, with no other line of the cache to wait
  /// for.
  class LentQueue {
   public:
    [[nodiscard]] bool empty() const { return first_.bytes == nullptr; }
    [[nodiscard]] std::size_t size() const { return empty() ? 0 : 1 + (rest_ ? rest_->size() : 0); }
    Lent& front() { return first_; }
    void push(Lent lent);
    void pop();
    /// Calls `function` with each of them.
    template <class Function>
    void for_each(Function function);

   private:
    Lent first_;
    std::unique_ptr<std::deque<Lent>> rest_;
  };
  struct alignas(64) Slot {  // a line of the cache
    std::uint64_t tag = 0;
    std::uint32_t generation = 0;
    Ready interest = Ready::kNothing;
    bool known = false;
    bool ahead = false;
    bool queued = false;   // is in unarmed_
    bool listed = false;   // is in unread_
    bool pausing = false;  // its reader is slow: the receiving was told to stop
    bool ended = false;
    bool under_way[3] = {};  // by kind
    int error = 0;
    LentQueue lent;

    [[nodiscard]] bool has_input() const { return !lent.empty() || ended || error != 0; }
  };
  static_assert(sizeof(Slot) == 64);

  void later(int fd, Slot& slot);
  void arm(int fd, Slot& slot);
  void start(int fd, Slot& slot, Kind kind);
  void look_ahead(std::size_t from) const;
  void take(const CompletionEvent& event, std::vector<ReadyEvent>& events);
  void take_received(Slot& slot, const CompletionEvent& event);
  void list(int fd, Slot& slot, std::vector<ReadyEvent>& events);
  bool unlist(Slot& slot);
  void report_unread(std::vector<ReadyEvent>& events);
  void keep(Slot& slot);
  void drop(Lent& lent);
  ssize_t taken(int fd, Slot& slot, std::size_t count);
  static void report(const Slot& slot, Ready ready, std::vector<ReadyEvent>& events);

  std::unique_ptr<Completion> completion_;
  DescriptorTable<Slot> slots_;
  std::vector<int> unarmed_;  // those to be looked at before the next wait
  std::vector<int> unread_;   // those that have input, or had when they were listed
  std::size_t listed_ = 0;    // so many have it
  std::vector<int> looked_at_;
  std::vector<Lent> shown_;  // to who looks at them until the turn ends
  std::vector<CompletionEvent> completed_;
};

}  // namespace two_cakes
