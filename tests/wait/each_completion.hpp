// Every completion backend that this machine has, for the tests of the contract that they share.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "catch.hpp"
#include "loopback.hpp"
#include "wait/completion.hpp"

namespace two_cakes::testing {

/// io_uring both ways: work finished when asked, and at once. Empty where it can't be had.
inline std::vector<bool> ways_to_finish()
{
  if (!why_no_completion("io_uring").empty()) return {};
  return {true, false};
}

/// Collects what has finished, and keeps the events in order.
class Finished {
 public:
  explicit Finished(Completion& completion) : completion_(completion) {}

  /// Waits until there are `count` events more, and returns them in order. Throws where that takes
  /// too long.
  std::vector<CompletionEvent> next(std::size_t count)
  {
    const auto deadline = soon();
    std::vector<CompletionEvent> batch;
    while (waiting_.size() < count) {
      if (Clock::now() > deadline) throw std::runtime_error("it took too long");
      completion_.wait(batch, deadline);
      waiting_.insert(waiting_.end(), batch.begin(), batch.end());
    }
    std::vector<CompletionEvent> taken(waiting_.begin(), waiting_.begin() + count);
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    return taken;
  }
  CompletionEvent one() { return next(1)[0]; }

  /// Whether nothing has finished, and nothing does at once.
  bool quiet()
  {
    std::vector<CompletionEvent> batch;
    for (int i = 0; i < 3; ++i) {
      completion_.wait(batch, Clock::time_point{});
      waiting_.insert(waiting_.end(), batch.begin(), batch.end());
    }
    return waiting_.empty();
  }

 private:
  Completion& completion_;
  std::vector<CompletionEvent> waiting_;
};

/// What an event of receive() brought; the buffer goes back.
inline std::string take_text(Completion& completion, const CompletionEvent& event)
{
  const auto bytes = completion.received(event);
  std::string text(bytes.begin(), bytes.end());
  completion.give_back(event.buffer);
  return text;
}

}  // namespace two_cakes::testing
