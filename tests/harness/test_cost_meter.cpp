#include "harness/cost_meter.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <latch>

#include "base/errors.hpp"
#include "catch.hpp"
#include "few_processes.hpp"
#include "in_child.hpp"
#include "os/child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

void use_cpu(std::chrono::nanoseconds time)
{
  const auto end = cpu_time_of_thread() + time;
  while (cpu_time_of_thread() < end) {
  }
}

std::chrono::microseconds cpu(const Costs& costs) { return costs.usage.user + costs.usage.system; }

void touch_memory(std::size_t bytes)
{
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::memset(memory, 1, bytes);
  ::munmap(memory, bytes);
}

}  // namespace

TEST_CASE("computing is counted, of all threads and of reaped children")
{
  SECTION("here")
  {
    CostMeter meter;
    use_cpu(60ms);
    REQUIRE(cpu(meter.stop()) >= 40ms);
  }
  SECTION("on another thread")
  {
    CostMeter meter;
    std::thread([] { use_cpu(60ms); }).join();
    REQUIRE(cpu(meter.stop()) >= 40ms);
  }
  SECTION("in a child")
  {
    CostMeter meter;
    Child::fork([] {
      use_cpu(60ms);
      return 0;
    }).wait();
    REQUIRE(cpu(meter.stop()) >= 40ms);
  }
}

TEST_CASE("what was used before the meter isn't counted")
{
  use_cpu(100ms);
  Child::fork([] {
    use_cpu(100ms);
    touch_memory(64 << 20);
    return 0;
  }).wait();
  CostMeter meter;
  const Costs costs = meter.stop();
  REQUIRE(cpu(costs) < 80ms);
  REQUIRE(costs.children_memory_bytes == 0);
}

TEST_CASE(
    "costs are never negative, and the sampler costs nothing, though it looks a hundred times")
{
  CostMeter meter;
  std::this_thread::sleep_for(300ms);
  const Costs costs = meter.stop();
  REQUIRE(costs.usage.user >= 0us);
  REQUIRE(costs.usage.system >= 0us);
  REQUIRE(costs.usage.voluntary_switches >= 0);
  REQUIRE(costs.usage.involuntary_switches >= 0);
  REQUIRE(costs.usage.voluntary_switches < 20);  // it slept once; the sampler more than 30 times
  REQUIRE(costs.peak_threads >= 1);
}

TEST_CASE("waiting is counted as switches")
{
  CostMeter meter;
  for (int i = 0; i < 10; ++i) std::this_thread::sleep_for(1ms);
  REQUIRE(meter.stop().usage.voluntary_switches >= 10);
}

TEST_CASE("peak memory is that of the stretch")
{
  touch_memory(96 << 20);
  CostMeter small;
  const std::size_t without = small.stop().peak_memory_bytes;
  CostMeter big;
  touch_memory(48 << 20);
  const std::size_t with = big.stop().peak_memory_bytes;
  REQUIRE(without > 0);
  REQUIRE(with >= without + (40 << 20));
}

TEST_CASE("each reaped child's peak memory is added up")
{
  CostMeter meter;
  for (int i = 0; i < 2; ++i)
    Child::fork([] {
      touch_memory(16 << 20);
      return 0;
    }).wait();
  REQUIRE(meter.stop().children_memory_bytes >= 32 << 20);
}

TEST_CASE("threads at once are counted without the sampler")
{
  CostMeter alone;
  std::this_thread::sleep_for(5ms);
  const std::size_t before = alone.stop().peak_threads;
  CostMeter meter;
  {
    std::latch all_here(4);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        all_here.arrive_and_wait();
        std::this_thread::sleep_for(100ms);  // the sampler looks each 8 ms at least
      });
  }
  REQUIRE(meter.stop().peak_threads == before + 4);
}

TEST_CASE("processes at once are this one and the children made since")
{
  const Child fixture = Child::fork([] {
    for (;;) ::pause();
    return 0;
  });
  CostMeter none;
  REQUIRE(none.stop().peak_processes == 1);
  CostMeter meter;
  {
    std::vector<Child> children;
    for (int i = 0; i < 3; ++i)
      children.push_back(Child::fork([] {
        for (;;) ::pause();
        return 0;
      }));
  }
  Child::fork([] { return 0; }).wait();
  REQUIRE(meter.stop().peak_processes == 4);
}

TEST_CASE("a meter that is never stopped ends with its object")
{
  const std::size_t before = living_threads();
  for (int i = 0; i < 20; ++i) const CostMeter meter;
  REQUIRE(living_threads() == before);
}

TEST_CASE("where no thread can be had, the error names the limit")
{
  const int code = exit_code_in_child([] {
    allow_no_more_processes();
    try {
      const CostMeter meter;
      return 1;
    } catch (const SyscallError& error) {
      const bool named = std::string(error.what()).find("RLIMIT_NPROC") != std::string::npos;
      return error.code().value() == EAGAIN && named ? 0 : 2;
    }
  });
  REQUIRE(code == 0);
}
