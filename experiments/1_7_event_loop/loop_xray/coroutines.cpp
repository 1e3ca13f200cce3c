// coroutines: a task for each request, all on one loop. Where a request waits it says so, and the
// loop runs another; the loop's observer sees each step.
#include <array>
#include <optional>

#include "os/socket.hpp"
#include "requests.hpp"
#include "tasks/coroutine.hpp"
#include "work/fibonacci.hpp"
#include "xray.hpp"

namespace two_cakes {
namespace {

Task<> wait_for_reply(const Target& target, const Job& job, Xray* xray)
{
  // Without a wait for the connection: the request is sent at once where the server is near.
  Stream stream(start_connect(target.endpoint));
  HttpExchange exchange = request_of(job, target);
  co_await write_all(stream, exchange.unsent());
  if (xray != nullptr) xray->expects_answer(stream.fd());
  std::array<char, 1024> buffer;
  while (!exchange.finished()) {
    const std::size_t count = co_await read(stream, buffer);
    exchange.feed({buffer.data(), count});
  }
  check_reply(exchange, job, target);
}

Task<> perform(const Requests& requests, const Job& job, Answer& answer, Xray* xray,
               std::size_t& unfinished)
{
  try {
    if (xray != nullptr) xray->begins("set-up");
    answer.fib_value = fib(requests.set_up_fib);
    co_await wait_for_reply(requests.target, job, xray);
    if (xray != nullptr) xray->begins("post-processing");
    answer.fib_value += compute(job);
  } catch (const std::exception& error) {
    answer.fail(error.what());
  }
  answer.finished = Clock::now();
  if (--unfinished == 0) EventLoop::running().stop();
}

}  // namespace

Outcome run_coroutines(const Requests& requests, Timeline* timeline)
{
  Outcome outcome;
  for (const Job& job : requests.jobs) outcome.answers.push_back({.number = job.number});
  std::optional<Xray> xray;
  if (timeline != nullptr) xray.emplace(*timeline);
  EventLoop loop;
  Xray* const notes = xray ? &*xray : nullptr;
  loop.set_observer(notes);
  std::size_t unfinished = requests.jobs.size();
  for (std::size_t i = 0; i < requests.jobs.size(); ++i)
    loop.spawn(perform(requests, requests.jobs[i], outcome.answers[i], notes, unfinished),
               lane_name(requests.jobs[i]));
  loop.call_later(requests.target.deadline, [&] { loop.stop(); });
  loop.run();
  fail_unfinished(outcome.answers);
  if (xray) outcome.resumes = xray->resumes();
  return outcome;
}

}  // namespace two_cakes
