#include "trouble.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <new>
#include <sstream>

#include "base/errors.hpp"
#include "base/units.hpp"
#include "os/files.hpp"
#include "os/pipe.hpp"

// What the sanitizers ask a program: may memory run out?
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }
#elif defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_options() { return "allocator_may_return_null=1"; }
#endif

namespace two_cakes {
namespace {

constexpr std::size_t kRoomBytes = 32 * kMebibyte;

void limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
  const rlimit limits{.rlim_cur = soft, .rlim_max = hard};
  check_syscall("setrlimit", ::setrlimit(resource, &limits));
}

void end_quietly()
{
  ::prctl(PR_SET_DUMPABLE, 0);  // no core, whoever collects them
  for (const int number : {SIGSEGV, SIGABRT, SIGXCPU}) ::signal(number, SIG_DFL);
  const UniqueFd nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  if (nowhere) ::dup2(nowhere.get(), STDERR_FILENO);
}

void say_last_words(const UniqueFd& report)
{
  const LastWords words{.said_at_ns = Clock::now().time_since_epoch() / std::chrono::nanoseconds(1),
                        .thread = ::gettid()};
  write_all(report, {reinterpret_cast<const char*>(&words), sizeof words});
}

[[noreturn]] void compute_without_end()
{
  for (volatile unsigned long rounds = 0;;) rounds = rounds + 1;
}

[[noreturn]] void write_where_it_may_not()
{
  void* page = ::mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *static_cast<volatile char*>(page) = 1;
  std::abort();  // not reached: another signal than the one that is expected
}

std::size_t address_space_bytes()
{
  std::size_t pages = 0;
  std::istringstream(read_file_or_empty("/proc/self/statm")) >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

[[noreturn]] void leak_without_end(const UniqueFd& report)
{
  const std::size_t most = address_space_bytes() + kRoomBytes;
  limit(RLIMIT_AS, most, most);
  try {
    for (;;) {
      static char* volatile forgotten = nullptr;
      // Not new: where memory runs out, a sanitizer's ends the process, and throws nothing.
      forgotten = static_cast<char*>(std::malloc(kMebibyte));
      if (forgotten == nullptr) throw std::bad_alloc();
      forgotten[0] = 1;
    }
  } catch (const std::bad_alloc&) {
    say_last_words(report);
    throw;
  }
}

}  // namespace

const char* name_of(Trouble trouble)
{
  switch (trouble) {
    case Trouble::kSegfault:
      return "segfault";
    case Trouble::kKilled:
      return "killed";
    case Trouble::kRunsAway:
      return "runs_away";
    case Trouble::kUsesUpCpu:
      return "uses_up_cpu";
    case Trouble::kLeaks:
      return "leaks";
  }
  return "none";
}

void get_into(Trouble trouble, const UniqueFd& report)
{
  end_quietly();
  if (trouble == Trouble::kLeaks) leak_without_end(report);
  if (trouble == Trouble::kUsesUpCpu) limit(RLIMIT_CPU, 1, 2);  // seconds: there is nothing finer
  say_last_words(report);
  if (trouble == Trouble::kSegfault) write_where_it_may_not();
  if (trouble == Trouble::kKilled)
    for (;;) ::pause();
  compute_without_end();
}

}  // namespace two_cakes
