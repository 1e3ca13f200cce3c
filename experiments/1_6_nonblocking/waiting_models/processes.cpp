// processes: a child for each client. What one child breaks, the others keep; a fork is the price.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "base/errors.hpp"
#include "echo_blocking.hpp"
#include "models.hpp"

namespace two_cakes {
namespace {

// Of many children that end at once, one signal may tell: so all that have ended are reaped
// (Stevens, UNIX Network Programming, section 5.9).
void reap_children(int)
{
  const int error = errno;
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  errno = error;
}

[[noreturn]] void live_for(int client, pid_t parent)
{
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // the parent was gone before the kernel knew our wish
  echo_until_end(client);
  ::_exit(0);
}

}  // namespace

void serve_processes(const Server& server)
{
  struct sigaction reaping {};
  reaping.sa_handler = reap_children;
  reaping.sa_flags = SA_RESTART;
  check_syscall("sigaction", ::sigaction(SIGCHLD, &reaping, nullptr));
  const pid_t parent = ::getpid();
  for (;;) {
    const UniqueFd client = accept_client(server.listener, false);
    if (client && ::fork() == 0) live_for(client.get(), parent);
    // The parent's copy is closed here; so it is where no child can be had, who then turns away.
  }
}

}  // namespace two_cakes
