#include "greeting.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "base/errors.hpp"
#include "os/files.hpp"
#include "os/usage.hpp"

namespace two_cakes {
namespace {

int number_after(const std::string& text, std::string_view label)
{
  int number = -1;
  const auto line = text.find(label);
  if (line == std::string::npos) return number;
  const auto digits = text.find_first_of("0123456789", line);
  std::from_chars(text.data() + digits, text.data() + text.size(), number);
  return number;
}

void set_name(Greeting& greeting, const std::string& name)
{
  name.copy(greeting.name.data(), greeting.name.size() - 1);
}

}  // namespace

bool Greeting::is_of_same(const Greeting& other) const
{
  return process == other.process && parent == other.parent && thread == other.thread &&
         name == other.name;
}

std::string Greeting::to_string() const
{
  return fmt::format("process {} of parent {}, thread {} '{}', {} thread{}", process, parent,
                     thread, name.data(), threads, threads == 1 ? "" : "s");
}

Greeting greet(const std::string& name)
{
  if (const int error = ::pthread_setname_np(::pthread_self(), name.c_str()); error != 0)
    throw SyscallError(error, "pthread_setname_np", name);
  Greeting greeting{.process = ::getpid(),
                    .parent = ::getppid(),
                    .thread = ::gettid(),
                    .threads = static_cast<int>(living_threads())};
  set_name(greeting, name);
  return greeting;
}

Greeting seen_in_proc(pid_t process, pid_t thread)
{
  if (::access("/proc/self/status", R_OK) == -1) throw Skipped("there is no /proc to look at");
  const std::string folder = fmt::format("/proc/{}/task/{}", process, thread);
  const std::string status = read_file_or_empty(folder + "/status");
  if (status.empty()) throw std::runtime_error(folder + " is not there");
  Greeting greeting{.process = number_after(status, "\nTgid:"),
                    .parent = number_after(status, "\nPPid:"),
                    .thread = number_after(status, "\nPid:"),
                    .threads = number_after(status, "\nThreads:")};
  set_name(greeting, read_file_or_empty(folder + "/comm"));
  return greeting;
}

}  // namespace two_cakes
