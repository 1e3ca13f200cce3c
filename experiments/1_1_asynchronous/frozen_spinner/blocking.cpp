// blocking: the operation is done in place. Until it has returned, the application does nothing
// else: no tick, no drawing, no answer to a click.
#include "models.hpp"

namespace two_cakes {

Answer run_blocking(const Operation& operation, Spinner& spinner)
{
  spinner.turn_until(spinner.between_ticks_after(kTicksAround));
  spinner.operation_begins();
  const Answer answer = perform(operation);
  spinner.operation_ends();
  spinner.turn_until(spinner.between_ticks_after(kTicksAround));
  return answer;
}

}  // namespace two_cakes
