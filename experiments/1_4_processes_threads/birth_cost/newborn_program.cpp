#include "newborn_program.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "base/errors.hpp"
#include "os/files.hpp"
#include "os/limits.hpp"

namespace two_cakes {

Arguments::Arguments(std::string path, int question)
    : path_(std::move(path)),
      question_(std::to_string(question)),
      pointers_{path_.data(), question_.data(), nullptr}
{
}

void Arguments::become() const
{
  ::setpgid(0, 0);
  ::execve(path(), pointers(), environ);
  ::_exit(0);
}

NewbornProgram::NewbornProgram() : path_(executable_folder() + "/newborn")
{
  if (::access(path_.c_str(), X_OK) == -1)
    throw Skipped(path_ + " is not there; build the target newborn");
}

int reap_answer(std::string_view call, pid_t pid)
{
  const int error = errno;  // looking the limit up may change it
  if (pid == -1) throw SyscallError(error, call, limit_behind(error));
  count_child_born();  // not by the child's own hand: after vfork() it must do nothing but exec
  int status = 0;
  pid_t reaped = -1;
  do reaped = ::waitpid(pid, &status, 0);
  while (reaped == -1 && errno == EINTR);
  check_syscall("waitpid", reaped, std::to_string(pid));
  // The kernel's figure is the parent's memory, in which a child of vfork() begins.
  count_child_reaped(0);
  if (WIFSIGNALED(status)) return answer_in({.signal = WTERMSIG(status)});
  return answer_in({.exit_code = WEXITSTATUS(status)});
}

int answer_in(const ExitStatus& status)
{
  if (status.signal != 0) throw std::runtime_error("the newborn was " + status.to_string());
  return status.exit_code;
}

}  // namespace two_cakes
