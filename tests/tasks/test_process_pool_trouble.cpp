// The pool's workers stopped and killed at any moment; its end; and who dies with whom.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "in_child.hpp"
#include "leftovers.hpp"
#include "os/files.hpp"
#include "os/pipe.hpp"
#include "tasks/process_pool.hpp"
#include "tasks/shutdown.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

constexpr std::size_t kBig = 16 << 20;

/// "pid" answers with the process id, "sleep" never does, "big" with 16 MiB; all else comes back.
std::string answer_or_sleep(std::string_view job)
{
  if (job == "pid") return std::to_string(::getpid());
  if (job == "big") return std::string(kBig, 'b');
  while (job == "sleep") ::pause();
  return std::string(job);
}

pid_t pid_of_worker(ProcessPool& pool) { return std::stoi(pool.submit("pid").get().bytes); }

char state_of(pid_t pid)
{
  const std::string stat = read_file_or_empty("/proc/" + std::to_string(pid) + "/stat");
  const auto end = stat.rfind(')');
  return end == std::string::npos ? 'X' : stat[end + 2];
}

/// Waits for it: only a hang fails.
void until_state(pid_t pid, std::string_view wanted)
{
  while (wanted.find(state_of(pid)) == std::string_view::npos)
    std::this_thread::sleep_for(std::chrono::microseconds(200));
}

void stop(pid_t pid)
{
  ::kill(pid, SIGSTOP);
  until_state(pid, "T");
}

bool was_killed(const ProcessResult& result)
{
  return result.problem == "its worker was lost: killed by SIGKILL" && result.bytes.empty();
}

}  // namespace

TEST_CASE("a job's future comes at once, and its result when it is done")
{
  ProcessPool pool(2, answer_or_sleep);
  auto never = pool.submit("sleep");
  auto soon = pool.submit("cake");
  REQUIRE(soon.get().bytes == "cake");
  REQUIRE(never.wait_for(std::chrono::milliseconds(5)) == std::future_status::timeout);
  pool.shut_down(Shutdown::kDrop);
}

TEST_CASE("many threads submit and map at once, and each gets its own results")
{
  ProcessPool pool(3, answer_or_sleep);
  std::array<bool, 6> right{};
  {
    std::vector<std::jthread> submitters;
    for (std::size_t s = 0; s < right.size(); ++s)
      submitters.emplace_back([&, s] {
        std::vector<std::string> jobs;
        for (int i = 0; i < 50; ++i) jobs.push_back(std::to_string(s) + ":" + std::to_string(i));
        const auto results = pool.map(jobs);
        right[s] = true;
        for (std::size_t i = 0; i < jobs.size(); ++i)
          right[s] = right[s] && results[i].bytes == jobs[i];
      });
  }
  for (const bool each : right) REQUIRE(each);
}

TEST_CASE("big jobs and big results cross without getting stuck")
{
  ProcessPool pool(GENERATE(1, 2), answer_or_sleep);
  std::vector<std::future<ProcessResult>> futures;
  const std::string job(kBig, 'j');
  for (int i = 0; i < 6; ++i) futures.push_back(pool.submit(i % 2 == 0 ? job : "big"));
  for (auto& future : futures) REQUIRE(future.get().bytes.size() == kBig);
}

TEST_CASE("a worker killed while it is idle costs nothing, or one job")
{
  ProcessPool pool(1, answer_or_sleep);
  const pid_t pid = pid_of_worker(pool);
  ::kill(pid, SIGKILL);
  until_state(pid, "ZX");
  const auto first = pool.submit("x").get();
  REQUIRE((first.good() || was_killed(first)));
  REQUIRE(pool.submit("x").get().good());
}

TEST_CASE("a worker killed in the middle of reading its job fails that job alone")
{
  for (int attempt = 0; attempt < 10; ++attempt) {
    ProcessPool pool(1, answer_or_sleep);
    const pid_t pid = pid_of_worker(pool);
    stop(pid);  // so that the job fills the channel, and goes no further
    auto reading = pool.submit(std::string(kBig, 'j'));
    auto next = pool.submit("x");
    std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
    ::kill(pid, SIGKILL);
    const auto result = reading.get();  // killed before it was begun, it is done by the next worker
    REQUIRE((was_killed(result) || result.bytes.size() == kBig));
    REQUIRE(next.get().bytes == "x");
  }
}

TEST_CASE("a worker killed while it computes fails that job alone")
{
  const Pipe begun = make_pipe();
  ProcessPool pool(1, [&](std::string_view job) {
    if (job == "sleep") write_all(begun.write_end, "x");
    return answer_or_sleep(job);
  });
  const pid_t pid = pid_of_worker(pool);
  auto computing = pool.submit("sleep");
  auto next = pool.submit("x");
  std::array<char, 1> sign{};
  REQUIRE(read_exactly(begun.read_end, sign));
  ::kill(pid, SIGKILL);
  REQUIRE(was_killed(computing.get()));
  REQUIRE(next.get().bytes == "x");
}

TEST_CASE("a worker killed in the middle of writing its result fails that job alone")
{
  // It kills itself by a timer, at a moment that is another one each time.
  for (int attempt = 0; attempt < 20; ++attempt) {
    ProcessPool pool(1, [attempt](std::string_view job) {
      if (job != "big") return std::string(job);
      if (::fork() == 0) {
        ::usleep(static_cast<useconds_t>(attempt * 200));
        ::kill(::getppid(), SIGKILL);
        ::_exit(0);
      }
      return answer_or_sleep("big");
    });
    auto writing = pool.submit("big");
    auto next = pool.submit("x");
    const auto result = writing.get();
    REQUIRE((was_killed(result) || result.bytes.size() == kBig));
    const auto after = next.get();
    REQUIRE((after.bytes == "x" || was_killed(after)));
  }
}

TEST_CASE("a stopped worker holds up nobody else, and goes on when it is let go on")
{
  ProcessPool pool(2, answer_or_sleep);
  const pid_t pid = pid_of_worker(pool);
  stop(pid);
  auto first = pool.submit(std::string(kBig, 'j'));  // one of these two goes to the stopped one
  auto second = pool.submit(std::string(kBig, 'j'));
  for (int i = 0; i < 20; ++i) {
    const bool one_is_done = first.wait_for(std::chrono::seconds(0)) == std::future_status::ready ||
                             second.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    if (one_is_done) REQUIRE(pool.submit("x").get().bytes == "x");
  }
  ::kill(pid, SIGCONT);
  REQUIRE(first.get().bytes.size() == kBig);
  REQUIRE(second.get().bytes.size() == kBig);
}

TEST_CASE("a pool ends though an idle worker was stopped")
{
  auto pool = std::make_unique<ProcessPool>(2, answer_or_sleep);
  const pid_t pid = pid_of_worker(*pool);
  stop(pid);
  pool.reset();
  REQUIRE(state_of(pid) == 'X');
  REQUIRE(!has_children());
}

TEST_CASE("draining does all jobs; dropping kills those at work and drops the others")
{
  const std::size_t descriptors = open_descriptors();
  {
    ProcessPool pool(2, answer_or_sleep);
    std::vector<std::future<ProcessResult>> futures;
    const bool drain = GENERATE(true, false);
    for (int i = 0; i < 30; ++i) futures.push_back(pool.submit(drain || i > 1 ? "x" : "sleep"));
    const pid_t one = drain ? pid_of_worker(pool) : 0;
    pool.shut_down(drain ? Shutdown::kDrain : Shutdown::kDrop);
    for (auto& future : futures) {
      const auto result = future.get();
      if (drain) REQUIRE(result.bytes == "x");
      else REQUIRE(result.problem == "dropped: the pool was shut down");
    }
    if (drain) REQUIRE(state_of(one) == 'X');
    REQUIRE(!has_children());
    REQUIRE(pool.submit("late").get().problem == "dropped: the pool was shut down");
    REQUIRE(pool.map({"late"})[0].problem == "dropped: the pool was shut down");
    pool.shut_down(Shutdown::kDrain);
  }
  REQUIRE(open_descriptors() == descriptors);
}

TEST_CASE("what isn't a std::exception is a job's problem too")
{
  ProcessPool pool(1, [](std::string_view) -> std::string { throw 42; });
  REQUIRE(pool.submit("x").get().problem == "it threw what is no std::exception");
}

TEST_CASE("a worker that closes its channel is replaced, though it lives on")
{
  ProcessPool pool(1, [](std::string_view job) {
    if (job == "close") ::close_range(3, ~0u, 0);
    while (job == "close") ::pause();
    return std::string(job);
  });
  REQUIRE(was_killed(pool.submit("close").get()));
  REQUIRE(pool.submit("x").get().bytes == "x");
}

TEST_CASE("a child that somebody else has forked keeps no lost worker alive")
{
  ProcessPool pool(1, [](std::string_view job) {
    if (job == "fork" && ::fork() == 0) {  // it inherits the channel, and stays
      ::usleep(300'000);
      ::_exit(0);
    }
    if (job == "fork") ::_exit(5);
    return std::string(job);
  });
  REQUIRE(pool.submit("fork").get().problem == "its worker was lost: exit code 5");
  REQUIRE(pool.submit("x").get().bytes == "x");
}

TEST_CASE("the workers outlive the thread that made the pool")
{
  std::unique_ptr<ProcessPool> pool;
  std::jthread([&] { pool = std::make_unique<ProcessPool>(2, answer_or_sleep); }).join();
  const pid_t before = pid_of_worker(*pool);
  REQUIRE(pool->submit("x").get().good());
  REQUIRE(state_of(before) != 'X');
}

TEST_CASE("workers, idle or at work, are killed with their parent")
{
  Pipe pipe = make_pipe();
  const pid_t parent = ::fork();
  if (parent == 0) {
    ProcessPool pool(2, answer_or_sleep);
    auto at_work = pool.submit("sleep");
    const pid_t other = pid_of_worker(pool);
    write_all(pipe.write_end, {reinterpret_cast<const char*>(&other), sizeof other});
    for (;;) ::pause();
  }
  pid_t worker = 0;
  REQUIRE(read_exactly(pipe.read_end, {reinterpret_cast<char*>(&worker), sizeof worker}));
  pipe.write_end.reset();
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  // Each of them holds the write end: once all are gone, the stream has ended.
  REQUIRE(read_to_end(pipe.read_end).empty());
  until_state(worker, "ZX");
}

TEST_CASE("many deaths leave neither a zombie nor a descriptor")
{
  const std::size_t before = open_descriptors();
  {
    ProcessPool pool(3, [](std::string_view job) {
      if (job.size() % 3 == 0) ::kill(::getpid(), SIGKILL);
      return std::string(job);
    });
    std::vector<std::string> jobs;
    for (std::size_t i = 0; i < 60; ++i) jobs.emplace_back(i, 'x');
    const auto results = pool.map(jobs);
    for (std::size_t i = 0; i < jobs.size(); ++i) REQUIRE(results[i].good() == (i % 3 != 0));
  }
  REQUIRE(open_descriptors() == before);
  REQUIRE(!has_children());
}
