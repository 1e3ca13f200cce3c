#include "work/python/free_threaded_python.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

#include <cstdlib>
#include <ctime>
#include <vector>

#include "base/errors.hpp"
#include "base/units.hpp"
#include "os/files.hpp"
#include "os/pipe.hpp"
#include "python_source.hpp"

namespace two_cakes {
namespace {

std::vector<std::string> candidates()
{
  if (const char* wanted = std::getenv("FREE_THREADED_PYTHON")) return {wanted};
  return {"python3.14t", "python3.13t"};
}

/// Starts `program` with its end of the channel; nothing where there is no such program.
std::optional<Child> start(const std::string& program, const UniqueFd& its_end)
{
  try {
    return Child::exec(
        {program, "-I", "-c", kAnswerCallsPy, std::to_string(its_end.get()), kChapterPy},
        {its_end.get()});
  } catch (const SyscallError&) {
    return std::nullopt;
  }
}

/// The first message of a program that runs the chapter's functions. Throws Skipped where none
/// comes in time.
std::string hello_of(const std::string& program, const UniqueFd& channel,
                     std::chrono::milliseconds deadline)
{
  try {
    pollfd readable{.fd = channel.get(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, static_cast<int>(deadline.count())) == 1)
      return receive_message(channel);
  } catch (const std::exception&) {
    // it ended, or spoke of something else
  }
  throw Skipped(
      program +
      " doesn't run the chapter's functions; set FREE_THREADED_PYTHON to a free-threaded Python");
}

}  // namespace

FreeThreadedPython::FreeThreadedPython(std::chrono::milliseconds deadline)
{
  for (const std::string& program : candidates()) {
    auto [ours, theirs] = make_socket_pair();
    child_ = start(program, theirs);
    if (!child_) continue;
    channel_ = std::move(ours);
    theirs.reset();  // or the end of a program that died would never show
    const std::string hello = hello_of(program, channel_, deadline);
    if (!hello.starts_with("free "))
      throw Skipped(program + " has the lock; set FREE_THREADED_PYTHON to a free-threaded Python");
    version_ = hello.substr(5);
    return;
  }
  throw Skipped(fmt::format("no free-threaded Python ({}) here; set FREE_THREADED_PYTHON to one",
                            fmt::join(candidates(), ", ")));
}

PythonValues FreeThreadedPython::ask(const std::string& way, const PythonCalls& calls)
{
  std::string request = way;
  for (const PythonCall& call : calls) {
    request += '\n' + call.function;
    for (const PythonValue& argument : call.arguments) request += '\t' + text_of(argument);
  }
  send_message(channel_, request);
  return values_of_answer(receive_message(channel_));
}

ProgramCosts FreeThreadedPython::costs() const
{
  ProgramCosts costs;
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(child_->pid(), &clock) == 0 && ::clock_gettime(clock, &time) == 0)
    costs.cpu_s = static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  const std::string status = read_file_or_empty(fmt::format("/proc/{}/status", child_->pid()));
  if (const auto line = status.find("VmHWM:"); line != std::string::npos)
    costs.peak_memory_bytes = std::strtod(status.c_str() + line + 6, nullptr) * kKibibyte;
  return costs;
}

}  // namespace two_cakes
