// sigchld: the kernel sends the parent a signal when a child ends. A handler may do next to
// nothing; so the signal is blocked, and signalfd(2) makes it a descriptor that the loop can wait
// for.
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <optional>

#include "base/unique_fd.hpp"
#include "task_in_child.hpp"
#include "tasks/event_loop.hpp"
#include "ways.hpp"

namespace two_cakes {
namespace {

void go_on(EventLoop& loop, Meanwhile& meanwhile)
{
  if (meanwhile.do_a_piece()) loop.call_soon([&] { go_on(loop, meanwhile); });
}

/// A descriptor that is readable once a SIGCHLD has come. It must be blocked in every thread (see
/// block_sigchld()).
UniqueFd sigchld_descriptor()
{
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGCHLD);
  UniqueFd fd(check_syscall("signalfd", ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)));
  signalfd_siginfo stale{};  // of a child that ended before, told of in another way
  while (::read(fd.get(), &stale, sizeof stale) > 0) {
  }
  return fd;
}

}  // namespace

void block_sigchld()
{
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGCHLD);
  check_syscall("sigprocmask", ::sigprocmask(SIG_BLOCK, &signals, nullptr));
}

Told told_by_sigchld(const LongTask& task, Meanwhile& meanwhile)
{
  const UniqueFd signals = sigchld_descriptor();
  SharedEnding shared;
  Child child = start_in_child(task, shared);
  Told told;
  std::optional<ExitStatus> status;
  EventLoop loop;
  loop.watch(signals.get(), Ready::kRead, [&](Ready) {
    signalfd_siginfo which{};
    [[maybe_unused]] const ssize_t size = ::read(signals.get(), &which, sizeof which);
    status = child.try_wait();  // one signal may stand for several children: ask which has ended
    if (!status) return;
    told = {shared.get(), Clock::now()};
    loop.unwatch(signals.get());
  });

  go_on(loop, meanwhile);
  loop.run();
  check_child(*status);
  return told;
}

}  // namespace two_cakes
