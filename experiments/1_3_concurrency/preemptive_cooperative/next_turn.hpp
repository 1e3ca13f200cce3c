// A coroutine says: somebody else first.
#pragma once

#include <coroutine>

#include "tasks/event_loop.hpp"

namespace two_cakes {

/// co_await next_turn(loop): goes on when all who were ready before have had their turn.
inline auto next_turn(EventLoop& loop)
{
  struct Awaiter {
    EventLoop& loop;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller)
    {
      loop.call_soon([caller] { caller.resume(); });
    }
    void await_resume() const noexcept {}
  };
  return Awaiter{loop};
}

}  // namespace two_cakes
