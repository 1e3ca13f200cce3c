// coroutines: the operation is a task on the application's own loop, beside the spinner's. Where it
// waits, it says so (co_await), and the loop ticks; where it computes, it can't say so, and the
// loop stands still.
#include "tasks/coroutine.hpp"

#include <array>

#include "models.hpp"
#include "os/socket.hpp"
#include "turning.hpp"

namespace two_cakes {
namespace {

/// The request without blocking calls: each place that would block is a co_await.
Task<> wait_for_reply(const Operation& operation)
{
  const UniqueFd socket = start_connect(operation.target.endpoint);
  HttpExchange exchange = request_of(operation.request, operation.target);
  while (!exchange.unsent().empty()) {
    if (const auto count = write_some(socket, exchange.unsent())) exchange.sent(*count);
    else co_await ready_for(socket.get(), Ready::kWrite);
  }
  std::array<char, 1024> buffer;
  while (!exchange.finished()) {
    if (const auto count = read_some(socket, buffer)) exchange.feed({buffer.data(), *count});
    else co_await ready_for(socket.get(), Ready::kRead);
  }
  check_reply(exchange, operation.request, operation.target);
}

Task<> operate(EventLoop& loop, const Operation& operation, Spinner& spinner, Answer& answer)
{
  co_await sleep_until(spinner.between_ticks_after(kTicksAround));
  spinner.operation_begins();
  try {
    if (operation.waits()) co_await wait_for_reply(operation);
    answer.fib_value = compute_fibs(operation);
  } catch (const std::exception& error) {
    answer.fail(error.what());
  }
  answer.finished = Clock::now();
  spinner.operation_ends();
  co_await sleep_until(spinner.between_ticks_after(kTicksAround));
  loop.stop();
}

}  // namespace

Answer run_coroutines(const Operation& operation, Spinner& spinner)
{
  Answer answer{.number = operation.request.number};
  EventLoop loop;
  loop.spawn(turning(spinner));
  loop.spawn(operate(loop, operation, spinner, answer));
  loop.call_at(spinner.between_ticks_after(kTicksAround) + operation.target.deadline,
               [&loop] { loop.stop(); });
  loop.run();
  if (answer.finished == Clock::time_point{}) answer.fail("the deadline passed");
  return answer;
}

}  // namespace two_cakes
