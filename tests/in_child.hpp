// Runs a piece of a test in a child process, so that what it does to its process (limits, signals,
// users, a hang) ends with it. By fork() and waitpid() alone: nothing of what is tested.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>

namespace two_cakes::testing {

inline constexpr int kThrew = 99;

/// Runs `body` in a child and returns its exit code; kThrew where it threw, and minus the signal
/// where one killed it. A child that hangs is killed by SIGALRM after `limit_s` seconds.
inline int exit_code_in_child(const std::function<int()>& body, unsigned limit_s = 20)
{
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (const int number : {SIGINT, SIGTERM, SIGABRT, SIGSEGV})
      ::signal(number, SIG_DFL);  // Catch2 has its own
    ::alarm(limit_s);
    int code = kThrew;
    try {
      code = body();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "in the child: %s\n", error.what());
    }
    std::fflush(nullptr);
    ::_exit(code);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) == -1) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

inline constexpr int kHung = -SIGALRM;

}  // namespace two_cakes::testing
