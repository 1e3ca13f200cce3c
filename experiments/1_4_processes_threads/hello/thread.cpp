// Listing 1.3: a thread greets from the same process, and stays until it was looked at.
#include <future>
#include <system_error>
#include <thread>

#include "base/errors.hpp"
#include "models.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

Meeting meet(std::promise<Greeting>& said, std::promise<void>& leave)
{
  const Greeting greeting = said.get_future().get();
  try {
    const Meeting meeting{greeting, seen_in_proc(greeting.process, greeting.thread)};
    leave.set_value();
    return meeting;
  } catch (...) {
    leave.set_value();
    throw;
  }
}

}  // namespace

Meeting meet_a_thread()
{
  std::promise<Greeting> said;
  std::promise<void> leave;
  try {
    const std::jthread other([&said, may_leave = leave.get_future()] {
      try {
        said.set_value(greet("hello-thread"));
        may_leave.wait();
      } catch (...) {
        said.set_exception(std::current_exception());
      }
    });
    return meet(said, leave);
  } catch (const SyscallError&) {
    throw;
  } catch (const std::system_error& error) {
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
}

}  // namespace two_cakes
