#include "os/usage.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "base/errors.hpp"
#include "base/units.hpp"
#include "catch.hpp"
#include "os/child.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

namespace {

/// Computes until this thread has used so much CPU time: however busy the machine is, that much is
/// used.
void use_cpu(std::chrono::nanoseconds time)
{
  const auto end = cpu_time_of_thread() + time;
  while (cpu_time_of_thread() < end) {
  }
}

std::chrono::microseconds cpu(const Usage& usage) { return usage.user + usage.system; }

/// Memory that is resident for as long as the object lives. From the kernel, for an allocator may
/// keep what is freed.
class Resident {
 public:
  explicit Resident(std::size_t bytes)
      : bytes_(bytes),
        memory_(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
  {
    std::memset(memory_, 1, bytes);
  }
  ~Resident() { ::munmap(memory_, bytes_); }

 private:
  std::size_t bytes_;
  void* memory_;
};

}  // namespace

TEST_CASE("usages add and subtract field by field")
{
  const Usage a{.user = 5us,
                .system = 4us,
                .voluntary_switches = 3,
                .involuntary_switches = 2,
                .minor_faults = 1};
  const Usage b{.user = 10us,
                .system = 20us,
                .voluntary_switches = 30,
                .involuntary_switches = 40,
                .minor_faults = 50};
  const Usage sum = a + b;
  REQUIRE(sum.user == 15us);
  REQUIRE(sum.system == 24us);
  REQUIRE(sum.voluntary_switches == 33);
  REQUIRE(sum.involuntary_switches == 42);
  REQUIRE(sum.minor_faults == 51);
  const Usage difference = sum - a;
  REQUIRE(difference.user == b.user);
  REQUIRE(difference.system == b.system);
  REQUIRE(difference.voluntary_switches == b.voluntary_switches);
  REQUIRE(difference.involuntary_switches == b.involuntary_switches);
  REQUIRE(difference.minor_faults == b.minor_faults);
}

TEST_CASE("a thread's CPU time counts computing")
{
  const auto before = cpu_time_of_thread();
  const Usage process_before = usage_of_process();
  use_cpu(60ms);
  REQUIRE(cpu_time_of_thread() - before >= 60ms);
  REQUIRE(cpu(usage_of_process() - process_before) >= 40ms);  // counted in ticks
}

TEST_CASE("a thread's CPU time doesn't count waiting, nor other threads")
{
  const auto before = cpu_time_of_thread();
  const Usage thread_before = usage_of_thread();
  const Usage process_before = usage_of_process();
  std::thread([] { use_cpu(80ms); }).join();
  REQUIRE(cpu_time_of_thread() - before < 80ms);
  REQUIRE(cpu(usage_of_thread() - thread_before) < 80ms);
  REQUIRE(cpu(usage_of_process() - process_before) >= 60ms);
}

TEST_CASE("children count once they are reaped, and not before")
{
  const Usage before = usage_of_children();
  Pipe ready = make_pipe();
  Pipe gate = make_pipe();
  Child child = Child::fork([&]() -> int {
    gate.write_end.reset();
    use_cpu(80ms);
    write_all(ready.write_end, "!");
    read_to_end(gate.read_end);
    return 0;
  });
  char mark = 0;
  REQUIRE(read_exactly(ready.read_end, {&mark, 1}));
  REQUIRE(cpu(usage_of_children() - before) == 0us);
  gate.write_end.reset();
  child.wait();
  REQUIRE(cpu(usage_of_children() - before) >= 60ms);
}

TEST_CASE("giving the core away is counted as a voluntary switch")
{
  const Usage thread_before = usage_of_thread();
  const Usage process_before = usage_of_process();
  for (int i = 0; i < 10; ++i) std::this_thread::sleep_for(1ms);
  REQUIRE((usage_of_thread() - thread_before).voluntary_switches >= 10);
  REQUIRE((usage_of_process() - process_before).voluntary_switches >= 10);
}

TEST_CASE("pages that are taken are counted")
{
  const Usage before = usage_of_process();
  const Resident memory(4 << 20);
  REQUIRE((usage_of_process() - before).minor_faults > 0);
}

TEST_CASE("peak memory keeps the most that was resident, and can be started anew")
{
  constexpr std::size_t kMuch = 48 << 20;
  {
    const Resident memory(kMuch);
    REQUIRE(peak_memory_bytes() >= kMuch);
  }
  const std::size_t peak = peak_memory_bytes();
  REQUIRE(peak >= kMuch);
  reset_peak_memory();
  REQUIRE(peak_memory_bytes() + kMuch / 2 < peak);
  const Resident memory(kMuch);
  REQUIRE(peak_memory_bytes() >= kMuch);
}

TEST_CASE("living threads are counted")
{
  const std::size_t before = living_threads();
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  REQUIRE(before == static_cast<std::size_t>(std::distance(begin(tasks), end(tasks))));
  std::mutex mutex;
  std::condition_variable changed;
  int running = 0;
  bool over = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      std::unique_lock lock(mutex);
      ++running;
      changed.notify_all();
      changed.wait(lock, [&] { return over; });
    });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return running == 3; });
    REQUIRE(living_threads() == before + 3);
    over = true;
  }
  changed.notify_all();
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("another process' CPU time is read without its help")
{
  Pipe pipe = make_pipe();
  Child child = Child::fork([&]() -> int {
    use_cpu(20ms);
    write_all(pipe.write_end, "done");
    for (;;) ::pause();
  });
  std::array<char, 4> done;
  REQUIRE(read_exactly(pipe.read_end, done));
  REQUIRE(cpu_time_of_process(child.pid()) >= 20ms);
  const pid_t pid = child.pid();
  child.send_signal(SIGKILL);
  child.wait();
  REQUIRE_THROWS_AS(cpu_time_of_process(pid), SyscallError);
}
