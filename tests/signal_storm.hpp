// A thread that another one's waiting is disturbed by.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

namespace two_cakes::testing {

/// While it lives, SIGUSR1 has a handler that does nothing, without SA_RESTART: what it strikes returns early.
class HarmlessSignal {
 public:
  HarmlessSignal()
  {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, &before_);
  }
  HarmlessSignal(const HarmlessSignal&) = delete;
  HarmlessSignal& operator=(const HarmlessSignal&) = delete;
  ~HarmlessSignal() { ::sigaction(SIGUSR1, &before_, nullptr); }

 private:
  struct sigaction before_ {};
};

/// Sends SIGUSR1 to the thread that made it, every 200 us, as long as it lives.
class SignalStorm {
 public:
  SignalStorm()
      : thread_([this, waiting = ::pthread_self()] {
          while (!over_) {
            ::pthread_kill(waiting, SIGUSR1);
            std::this_thread::sleep_for(std::chrono::microseconds(200));
          }
        })
  {
  }
  SignalStorm(const SignalStorm&) = delete;
  SignalStorm& operator=(const SignalStorm&) = delete;
  ~SignalStorm()
  {
    over_ = true;
    thread_.join();
  }

 private:
  HarmlessSignal harmless_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace two_cakes::testing
