// What goes wrong, said in one line: which call, on what, and why.
#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace two_cakes {

/// A system call that failed. what() is "bind 127.0.0.1:80: Address already in use";
/// code() carries errno, so that a caller can tell EMFILE from ECONNREFUSED.
class SyscallError : public std::system_error {
 public:
  SyscallError(int error_number, std::string_view call, std::string_view subject = {});
};

/// Bad input from the user: a flag, a value, a file. Programs print its line and exit with 2.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// This machine can't do what was asked (no such backend, a limit too low). what() is the reason.
/// A series that throws it is recorded as skipped, and the run goes on.
class Skipped : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A measured series came to a wrong answer: it is recorded as an error and never charted.
class WrongAnswer : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void throw_syscall_error(std::string_view call, std::string_view subject);

/// Returns `result` unless it is -1; then throws a SyscallError that names the call and its
/// subject. The subject is the address, the path, the pid: what the reader must know to mend it.
template <std::signed_integral Result>
Result check_syscall(std::string_view call, Result result, std::string_view subject = {})
{
  if (result == -1) throw_syscall_error(call, subject);
  return result;
}

}  // namespace two_cakes
