// processes: the operation blocks a child process. Its answer comes through a pipe, and a pipe can
// be waited for with a deadline: the next tick.
#include "base/errors.hpp"
#include "models.hpp"
#include "os/child.hpp"
#include "os/pipe.hpp"
#include "wait/poller.hpp"

namespace two_cakes {
namespace {

Answer receive(const Pipe& pipe, Child& child)
{
  Answer answer;
  const bool came = read_exactly(pipe.read_end, {reinterpret_cast<char*>(&answer), sizeof answer});
  const ExitStatus status = child.wait();
  if (!came) answer.fail("its process was lost: " + status.to_string());
  return answer;
}

}  // namespace

Answer run_processes(const Operation& operation, Spinner& spinner)
{
  spinner.turn_until(spinner.between_ticks_after(kTicksAround));
  spinner.operation_begins();
  Pipe pipe = make_pipe();
  Child child = Child::fork([&] {
    const Answer answer = perform(operation);
    write_all(pipe.write_end, {reinterpret_cast<const char*>(&answer), sizeof answer});
    return 0;
  });
  pipe.write_end.reset();  // or the pipe would never end where the child is lost

  const auto poller = make_epoll_poller();
  poller->add(pipe.read_end.get(), Ready::kRead, 0);
  std::vector<ReadyEvent> events;
  while (poller->wait(events, spinner.next()), events.empty()) spinner.tick_if_due();
  const Answer answer = receive(pipe, child);
  spinner.operation_ends();
  spinner.turn_until(spinner.between_ticks_after(kTicksAround));
  return answer;
}

}  // namespace two_cakes
