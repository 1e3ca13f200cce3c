// eventfd: the news is a number written to a descriptor, and a loop waits for descriptors. So the
// callback runs on the starter's own thread, between two of its other callbacks: no lock is needed
// for what only they touch.
#include <sys/eventfd.h>
#include <unistd.h>

#include "background_thread.hpp"
#include "base/unique_fd.hpp"
#include "tasks/event_loop.hpp"
#include "ways.hpp"

namespace two_cakes {
namespace {

/// The starter's own work, a piece in each turn of the loop.
void go_on(EventLoop& loop, Meanwhile& meanwhile)
{
  if (meanwhile.do_a_piece()) loop.call_soon([&] { go_on(loop, meanwhile); });
}

}  // namespace

Told told_by_eventfd(const LongTask& task, Meanwhile& meanwhile)
{
  const UniqueFd done(check_syscall("eventfd", ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
  Ending ending;
  Told told;
  EventLoop loop;
  loop.watch(done.get(), Ready::kRead, [&](Ready) {
    std::uint64_t count = 0;
    check_syscall("read", ::read(done.get(), &count, sizeof count), "eventfd");
    told = {ending, Clock::now()};
    loop.unwatch(done.get());  // nothing is left to wait for: the loop ends after its last piece
  });
  const std::jthread background = in_background([&] {
    ending = task.run();
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(done.get(), &one, sizeof one);
  });

  go_on(loop, meanwhile);
  loop.run();
  return told;
}

}  // namespace two_cakes
