#include "tasks/process_pool.hpp"

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <set>
#include <stdexcept>

#include "base/errors.hpp"
#include "catch.hpp"
#include "few_processes.hpp"
#include "in_child.hpp"
#include "leftovers.hpp"
#include "os/files.hpp"
#include "os/shared.hpp"
#include "pool_jobs.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

/// Answers with its process id; "die" kills the worker, "throw" throws.
std::string obey(std::string_view job)
{
  if (job == "die") ::kill(::getpid(), SIGKILL);
  if (job == "exit") ::_exit(3);
  if (job == "throw") throw std::runtime_error("no oven");
  return std::to_string(::getpid());
}

}  // namespace

TEST_CASE("outcomes come in the order of the jobs, whoever did them")
{
  ProcessPool pool(3, same_again);
  REQUIRE(pool.workers() == 3);
  const auto jobs = numbers(200);
  const auto results = pool.map(jobs);
  REQUIRE(results.size() == jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    REQUIRE(results[i].good());
    REQUIRE(results[i].bytes == jobs[i]);
  }
}

TEST_CASE("workers are other processes, and all of them work")
{
  Shared<std::atomic<int>> begun;
  ProcessPool pool(3, [&](std::string_view) {
    for (++*begun; *begun < 3;) ::usleep(100);  // until each has come
    return std::to_string(::getpid());
  });
  std::set<std::string> pids;
  for (const auto& result : pool.map(numbers(12))) pids.insert(result.bytes);
  REQUIRE(pids.size() == 3);
  REQUIRE(!pids.contains(std::to_string(::getpid())));
}

TEST_CASE("a pool serves one map after another, with the same workers")
{
  ProcessPool pool(1, obey);
  const std::string first = pool.map({"?"})[0].bytes;
  REQUIRE(pool.map({"?"})[0].bytes == first);
}

TEST_CASE("jobs and results may have any size, and hold any byte")
{
  ProcessPool pool(2, same_again);
  std::vector<std::string> jobs;
  for (const std::size_t size : {0u, 1u, 15u, 4096u, 65'537u, 1u << 20, 8u << 20}) {
    std::string job(size, '\0');
    for (std::size_t i = 0; i < size; ++i) job[i] = static_cast<char>(i * 13 + i / 256);
    jobs.push_back(std::move(job));
  }
  const auto results = pool.map(jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    REQUIRE(results[i].good());
    REQUIRE((results[i].bytes == jobs[i]));  // in parentheses: 8 MiB aren't printed
  }
}

TEST_CASE("a small job may have a big result, and a big one none")
{
  ProcessPool pool(2, [](std::string_view job) {
    return job.size() < 10 ? std::string(8 << 20, 'b') : std::string();
  });
  const auto results = pool.map({"small", std::string(8 << 20, 'j'), ""});
  REQUIRE(results[0].bytes.size() == 8 << 20);
  REQUIRE(results[1].bytes.empty());
  REQUIRE(results[2].bytes.size() == 8 << 20);
  for (const auto& result : results) REQUIRE(result.good());
}

TEST_CASE("no jobs, and more workers than jobs")
{
  ProcessPool pool(5, same_again);
  REQUIRE(pool.map({}).empty());
  REQUIRE(pool.map({"one", "two"})[1].bytes == "two");
  REQUIRE(pool.map({}).empty());
}

TEST_CASE("a pool without workers would never answer, so there is none")
{
  REQUIRE_THROWS_AS(ProcessPool(0, same_again), UsageError);
  REQUIRE_THROWS_AS(ProcessPool(-1, same_again), UsageError);
}

TEST_CASE("what the handler throws fails its job alone, and the worker goes on")
{
  ProcessPool pool(1, obey);
  const auto results = pool.map({"?", "throw", "?"});
  REQUIRE(results[1].problem == "no oven");
  REQUIRE(results[1].bytes.empty());
  REQUIRE(results[0].good());
  REQUIRE(results[2].good());
  REQUIRE(results[0].bytes == results[2].bytes);
}

TEST_CASE("a handler's failed system call is a problem of its job too, and loses no worker")
{
  ProcessPool pool(1, [](std::string_view job) -> std::string {
    if (job == "connect") throw SyscallError(ECONNREFUSED, "connect", "127.0.0.1:1");
    return std::to_string(::getpid());
  });
  const auto results = pool.map({"?", "connect", "?"});
  REQUIRE(results[1].problem == "connect 127.0.0.1:1: Connection refused");
  REQUIRE(results[0].bytes == results[2].bytes);
}

TEST_CASE("an exception without a text is a failure all the same")
{
  ProcessPool pool(1, [](std::string_view) -> std::string { throw std::runtime_error(""); });
  REQUIRE(!pool.map({"?"})[0].good());
}

TEST_CASE("a worker that dies fails its job alone, and is replaced")
{
  ProcessPool pool(GENERATE(1, 2, 4), obey);
  const auto results = pool.map({"?", "die", "?", "exit", "?", "die", "?"});
  REQUIRE(results[1].problem.find("killed by SIGKILL") != std::string::npos);
  REQUIRE(results[3].problem.find("exit code 3") != std::string::npos);
  REQUIRE(results[5].problem.find("killed by SIGKILL") != std::string::npos);
  for (const std::size_t i : {0, 2, 4, 6}) {
    INFO(i << ": " << results[i].problem);
    REQUIRE(results[i].good());
  }
  REQUIRE(pool.map({"?"})[0].good());
}

TEST_CASE("a worker that died in the middle of its answer is no answer")
{
  // A timer kills it while it writes what no channel holds at once.
  ProcessPool pool(1, [](std::string_view job) {
    std::string answer(job == "slowly" ? 32 << 20 : 1, 'x');
    const itimerval soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 1500}};
    if (job == "slowly") ::setitimer(ITIMER_REAL, &soon, nullptr);
    return answer;
  });
  const auto results = pool.map({"slowly", "?"});
  REQUIRE((results[0].good() ? results[0].bytes.size() == 32 << 20 : results[0].bytes.empty()));
  REQUIRE(results[1].good());
}

TEST_CASE("workers that died between two maps cost a job each at most")
{
  ProcessPool pool(2, obey);
  for (const auto& result : pool.map(numbers(2))) ::kill(std::stoi(result.bytes), SIGKILL);
  ::usleep(5000);
  int failed = 0;
  for (const auto& result : pool.map(numbers(10))) failed += !result.good();
  REQUIRE(failed <= 2);
  for (const auto& result : pool.map(numbers(10))) REQUIRE(result.good());
}

TEST_CASE("neither a zombie nor a descriptor is left")
{
  const std::size_t before = open_descriptors();
  {
    ProcessPool pool(3, obey);
    pool.map({"?", "die", "throw", "?", "die", "?"});
  }
  REQUIRE(open_descriptors() == before);
  REQUIRE(!has_children());
  REQUIRE(living_children() == 0);
}

TEST_CASE("two pools don't keep each other's workers alive")
{
  auto first = std::make_unique<ProcessPool>(2, same_again);
  ProcessPool second(2, same_again);  // its workers inherit the ends of the first one's channels
  first.reset();
  REQUIRE(second.map({"still here"})[0].bytes == "still here");
}

TEST_CASE("where processes run out, making a pool says so and names the limit")
{
  const int code = exit_code_in_child([] {
    allow_no_more_processes();
    try {
      ProcessPool pool(2, same_again);
      return 1;
    } catch (const SyscallError& error) {
      return std::string(error.what()).find("RLIMIT_NPROC") != std::string::npos ? 0 : 2;
    }
  });
  REQUIRE(code == 0);
}

TEST_CASE("a dead worker that can't be replaced leaves its jobs to the others")
{
  const int code = exit_code_in_child([] {
    stop_being_root();
    Child bystander = Child::fork([] {
      for (;;) ::pause();
      return 0;
    });
    ProcessPool pool(2, obey);
    allow_no_more_processes();
    const auto results = pool.map({"die", "?", "?", "?"});
    for (const std::size_t i : {1, 2, 3})
      if (!results[i].good()) return 1;
    if (results[0].good()) return 2;
    return bystander.try_wait() ? 3 : 0;
  });
  REQUIRE(code == 0);
}

TEST_CASE("where no worker is left and none can be made, jobs say so; later it is tried again")
{
  const int code = exit_code_in_child([] {
    stop_being_root();
    rlimit limit{};
    ::getrlimit(RLIMIT_NPROC, &limit);
    const rlimit none{.rlim_cur = 1, .rlim_max = limit.rlim_max};
    ProcessPool pool(2, obey);
    for (int again = 0; again < 20; ++again) {  // a job may come while another one is given up
      ::setrlimit(RLIMIT_NPROC, &none);
      for (const auto& result : pool.map({"die", "die"}))
        if (result.problem.find("killed by SIGKILL") == std::string::npos) return 1;
      for (const auto& result : pool.map({"?", "?", "?"}))
        if (result.problem.find("RLIMIT_NPROC") == std::string::npos) return 2;
      ::setrlimit(RLIMIT_NPROC, &limit);
      // An attempt that is under way may fail for one place and succeed for the next. The second
      // map() is handed out after another attempt: from then on, all places are filled.
      for (int map = 0; map < 2; ++map)
        for (const auto& result : pool.map({"?", "?", "?"}))
          if (!result.good()) return 3;
    }
    return 0;
  });
  REQUIRE(code == 0);
}
