#include "watch.hpp"

#include <unistd.h>

#include <csignal>
#include <span>
#include <stdexcept>
#include <thread>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "os/limits.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

LastWords hear_last_words(Child& child, const UniqueFd& report)
{
  LastWords words;
  if (read_exactly(report, {reinterpret_cast<char*>(&words), sizeof words})) return words;
  const ExitStatus status = child.wait();
  if (status.exit_code == kSkipped) throw Skipped("start a thread: " + limit_behind(EAGAIN));
  throw std::runtime_error("it ended before it got into trouble: " + status.to_string());
}

}  // namespace

End watch(Child& child, Trouble trouble, const UniqueFd& report, std::chrono::milliseconds patience)
{
  const LastWords words = hear_last_words(child, report);
  Clock::time_point start{std::chrono::nanoseconds(words.said_at_ns)};
  if (trouble == Trouble::kRunsAway) std::this_thread::sleep_for(patience);
  if (trouble == Trouble::kRunsAway || trouble == Trouble::kKilled) {
    start = Clock::now();
    check_syscall("tgkill", ::tgkill(child.pid(), words.thread, SIGKILL), "the one in trouble");
  }
  const ExitStatus status = child.wait();
  return {status, Clock::now() - start};
}

}  // namespace two_cakes
