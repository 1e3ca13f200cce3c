#include "base/errors.hpp"

#include <cerrno>

namespace two_cakes {
namespace {

std::string call_and_subject(std::string_view call, std::string_view subject)
{
  std::string text{call};
  if (!subject.empty()) text.append(" ").append(subject);
  return text;
}

}  // namespace

SyscallError::SyscallError(int error_number, std::string_view call, std::string_view subject)
    : std::system_error(error_number, std::generic_category(), call_and_subject(call, subject))
{
}

void throw_syscall_error(std::string_view call, std::string_view subject)
{
  throw SyscallError(errno, call, subject);
}

}  // namespace two_cakes
