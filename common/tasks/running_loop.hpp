// Which loop runs on this thread.
#pragma once

namespace two_cakes {

class Scheduler;

/// For as long as it lives, `loop` is the one that runs; then the former one again.
class RunningLoop {
 public:
  RunningLoop(Scheduler*& place, Scheduler* loop) : place_(place), before_(place) { place = loop; }
  RunningLoop(const RunningLoop&) = delete;
  RunningLoop& operator=(const RunningLoop&) = delete;
  ~RunningLoop() { place_ = before_; }

 private:
  Scheduler*& place_;
  Scheduler* before_;
};

}  // namespace two_cakes
