#include "os/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

#include "base/errors.hpp"
#include "os/limits.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

std::atomic<std::size_t> reaped_count{0};
std::atomic<std::size_t> reaped_memory_bytes{0};
std::atomic<std::size_t> living{0};
std::atomic<std::size_t> peak_living{0};

/// In the child, first of all: die with the parent, leave its process group, and drop its handlers.
void settle_in(pid_t parent)
{
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // the parent was gone before the kernel knew our wish
  ::setpgid(0, 0);
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
}

pid_t fork_or_explain()
{
  std::fflush(nullptr);  // or the child would print the parent's buffer a second time
  const pid_t pid = ::fork();
  const int error = errno;  // looking the limit up may change it
  if (pid == -1) throw SyscallError(error, "fork", limit_behind(error));
  return pid;
}

int run_body(const std::function<int()>& body) noexcept
{
  try {
    return body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child %d: %s\n", ::getpid(), error.what());
  } catch (...) {
    std::fprintf(stderr, "child %d: an exception that is no std::exception\n", ::getpid());
  }
  return 1;
}

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::vector<int>& inherited, int report_fd)
{
  std::vector<char*> pointers;
  for (const std::string& argument : arguments)
    pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  // Also those that a library opened without O_CLOEXEC.
  ::close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
  for (const int fd : inherited) ::fcntl(fd, F_SETFD, 0);
  ::execvp(pointers[0], pointers.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(report_fd, &error, sizeof error);
  ::_exit(127);
}

}  // namespace

std::string ExitStatus::to_string() const
{
  if (signal == 0) return "exit code " + std::to_string(exit_code);
  const char* name = ::sigabbrev_np(signal);
  return std::string("killed by SIG") + (name != nullptr ? name : std::to_string(signal));
}

Child Child::fork(const std::function<int()>& body)
{
  const pid_t parent = ::getpid();
  const pid_t pid = fork_or_explain();
  if (pid == 0) {
    settle_in(parent);
    const int code = run_body(body);
    std::fflush(nullptr);
    ::_exit(code);
  }
  count_child_born();
  return Child{pid};
}

Child Child::exec(const std::vector<std::string>& arguments, const std::vector<int>& inherited)
{
  // A close-on-exec pipe tells whether exec succeeded: it closes without a word if it did.
  Pipe report = make_pipe();
  const pid_t parent = ::getpid();
  const pid_t pid = fork_or_explain();
  if (pid == 0) {
    settle_in(parent);
    become(arguments, inherited, report.write_end.get());
  }
  count_child_born();
  Child child{pid};
  report.write_end.reset();
  int error = 0;
  if (read_exactly(report.read_end, {reinterpret_cast<char*>(&error), sizeof error}))
    throw SyscallError(error, "exec", arguments.front());
  return child;
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Child& Child::operator=(Child&& other) noexcept
{
  if (this != &other) {
    kill_and_reap();
    pid_ = std::exchange(other.pid_, -1);
  }
  return *this;
}

Child::~Child() { kill_and_reap(); }

void Child::kill_and_reap() noexcept
{
  if (pid_ == -1) return;
  ::kill(pid_, SIGKILL);
  try {
    reap(0);
  } catch (const SyscallError&) {
    pid_ = -1;  // somebody else reaped it: there is no zombie, which is what matters here
    --living;
  }
}

ExitStatus Child::wait() { return *reap(0); }

std::optional<ExitStatus> Child::try_wait() { return reap(WNOHANG); }

std::optional<ExitStatus> Child::reap(int options)
{
  // wait4(-1) would take the end of any other child away.
  if (pid_ == -1) throw SyscallError(ECHILD, "wait4", "a child that was reaped already");
  int status = 0;
  rusage usage{};
  pid_t pid = -1;
  do pid = ::wait4(pid_, &status, options, &usage);
  while (pid == -1 && errno == EINTR);
  check_syscall("wait4", pid, std::to_string(pid_));
  if (pid == 0) return std::nullopt;
  pid_ = -1;
  count_child_reaped(static_cast<std::size_t>(usage.ru_maxrss) * 1024);
  if (WIFSIGNALED(status)) return ExitStatus{.exit_code = 0, .signal = WTERMSIG(status)};
  return ExitStatus{.exit_code = WEXITSTATUS(status), .signal = 0};
}

void Child::send_signal(int signal) const
{
  if (pid_ != -1) check_syscall("kill", ::kill(pid_, signal), std::to_string(pid_));
}

void count_child_born()
{
  const std::size_t now = ++living;
  std::size_t peak = peak_living;
  while (peak < now && !peak_living.compare_exchange_weak(peak, now)) {
  }
}

void count_child_reaped(std::size_t peak_memory_bytes)
{
  --living;
  ++reaped_count;
  reaped_memory_bytes += peak_memory_bytes;
}

ChildTotals child_totals()
{
  return {.reaped = reaped_count, .peak_memory_bytes = reaped_memory_bytes};
}

std::size_t living_children() { return living; }
std::size_t peak_living_children() { return peak_living; }
void reset_peak_living_children() { peak_living = living.load(); }

}  // namespace two_cakes
