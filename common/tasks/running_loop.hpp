// Which loop runs on this thread.
#pragma once

namespace two_cakes {

class EventLoop;

/// For as long as it lives, `loop` is the one that runs; then the former one again.
class RunningLoop {
 public:
  RunningLoop(EventLoop*& place, EventLoop* loop) : place_(place), before_(place) { place = loop; }
  RunningLoop(const RunningLoop&) = delete;
  RunningLoop& operator=(const RunningLoop&) = delete;
  ~RunningLoop() { place_ = before_; }

 private:
  EventLoop*& place_;
  EventLoop* before_;
};

}  // namespace two_cakes
