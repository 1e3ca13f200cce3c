// threads: the operation blocks a thread of its own. The application waits for two things at once,
// the answer and the next tick, whichever comes first.
#include <future>
#include <system_error>

#include "base/errors.hpp"
#include "models.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

std::future<Answer> start(const Operation& operation)
{
  try {
    return std::async(std::launch::async, [&operation] { return perform(operation); });
  } catch (const std::system_error& error) {
    throw SyscallError(error.code().value(), "start a thread", limit_behind(error.code().value()));
  }
}

}  // namespace

Answer run_threads(const Operation& operation, Spinner& spinner)
{
  spinner.turn_until(spinner.between_ticks_after(kTicksAround));
  spinner.operation_begins();
  std::future<Answer> answer = start(operation);
  while (answer.wait_until(spinner.next()) != std::future_status::ready) spinner.tick_if_due();
  spinner.operation_ends();
  spinner.turn_until(spinner.between_ticks_after(kTicksAround));
  return answer.get();
}

}  // namespace two_cakes
