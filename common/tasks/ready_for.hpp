// co_await ready_for(fd, Ready::kRead): the bare wait for a descriptor.
#pragma once

#include <coroutine>
#include <string>

#include "tasks/event_loop.hpp"

namespace two_cakes {

/// Waits for a descriptor that somebody else owns; see ready_for().
class ReadyFor final : public DescriptorWaiting {
 public:
  ReadyFor(int fd, Ready interest) : fd_(fd), interest_(interest) {}
  ReadyFor(const ReadyFor&) = delete;
  ReadyFor& operator=(const ReadyFor&) = delete;
  ~ReadyFor() { stop(); }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller)
  {
    waiter_ = &caller.promise();
    if (!waiter_->waits_for(*this)) return false;
    begin();
    return true;
  }
  void await_resume() const;

  void ready() override;
  void closed() override;
  void cancel(TaskFrame& waiter) override;
  [[nodiscard]] std::string describe() const override;

 private:
  void begin();
  void stop();

  int fd_;
  Ready interest_;
  bool closed_ = false;
  EventLoop* loop_ = nullptr;  // while it waits
};

/// co_await ready_for(fd, Ready::kRead): goes on, on the loop's thread, once `fd` can be read (or
/// written: kWrite). The poller knows `fd` only meanwhile; its owner closes it afterwards. Throws
/// SyscallError where it can't be waited for, EEXIST where another coroutine waits for the same,
/// EBADF where it belongs to a Stream that is closed meanwhile; Cancelled.
inline ReadyFor ready_for(int fd, Ready interest) { return {fd, interest}; }

}  // namespace two_cakes
