// sys.setswitchinterval, for as long as an object lives.
#pragma once

#include "work/python/python.hpp"

namespace two_cakes {

class SwitchInterval {
 public:
  explicit SwitchInterval(std::chrono::microseconds interval)
      : before_(Python::interpreter().set_switch_interval(interval))
  {
  }
  SwitchInterval(const SwitchInterval&) = delete;
  SwitchInterval& operator=(const SwitchInterval&) = delete;
  ~SwitchInterval() { Python::interpreter().set_switch_interval(before_); }

 private:
  std::chrono::microseconds before_;
};

}  // namespace two_cakes
