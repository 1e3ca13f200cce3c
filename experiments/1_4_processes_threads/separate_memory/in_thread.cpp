// A thread: it has the same memory, so that nothing is copied and everything is seen.
#include <system_error>
#include <thread>

#include "base/errors.hpp"
#include "os/limits.hpp"
#include "touch.hpp"

namespace two_cakes {

Touched touch_in_thread(Region& region, Touch how)
{
  Touched touched;
  try {
    std::thread other([&] { touched = touch(region, how); });
    other.join();
  } catch (const std::system_error& error) {
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
  return touched;
}

}  // namespace two_cakes
