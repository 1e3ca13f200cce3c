// map(): many jobs through shared memory, with everything that may happen to them meanwhile.
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "leftovers.hpp"
#include "os/affinity.hpp"
#include "os/pipe.hpp"
#include "os/shared.hpp"
#include "pool_jobs.hpp"
#include "tasks/process_pool.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

bool all_came_back(const std::vector<std::string>& jobs, const std::vector<ProcessResult>& results)
{
  bool right = results.size() == jobs.size();
  for (std::size_t i = 0; right && i < jobs.size(); ++i)
    right = results[i].good() && results[i].bytes == jobs[i];
  return right;
}

void read_sign(const Pipe& pipe)
{
  std::array<char, 1> sign{};
  read_exactly(pipe.read_end, sign);
}

}  // namespace

TEST_CASE("more jobs than the shared memory holds")
{
  ProcessPool pool(3, same_again);
  for (const std::size_t more : {0u, 1u, 1500u}) {
    const auto jobs = numbers(JobBoard::kMostJobs + more);
    REQUIRE(all_came_back(jobs, pool.map(jobs)));
  }
}

TEST_CASE("small jobs whose answers, or problems, are big")
{
  ProcessPool pool(GENERATE(1, 3), [](std::string_view job) {
    std::string big(1 << 20, job.back());
    if (job.back() == '3') throw std::runtime_error(big);
    return job.back() < '5' ? big : std::string(job);
  });
  const auto jobs = numbers(40);
  const auto results = pool.map(jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const char last = jobs[i].back();
    const std::string big(1 << 20, last);
    REQUIRE(results[i].good() == (last != '3'));
    REQUIRE((last == '3' ? results[i].problem == big
                         : results[i].bytes == (last < '5' ? big : jobs[i])));
  }
}

TEST_CASE("jobs as big as a place of the shared memory, and a byte bigger")
{
  ProcessPool pool(2, same_again);
  for (const std::size_t size : {JobBoard::kMostBytes, JobBoard::kMostBytes + 1}) {
    const std::vector<std::string> jobs{std::string(size, 'a'), "", std::string(size, 'c')};
    REQUIRE(all_came_back(jobs, pool.map(jobs)));
  }
}

TEST_CASE("a job may wait for another of its map, so long as there's a worker for each")
{
  const Pipe pipe = make_pipe();
  ProcessPool pool(2, [&](std::string_view job) {
    if (job == "wait") read_sign(pipe);
    if (job == "tell") write_all(pipe.write_end, "x");
    return std::string(job);
  });
  for (int again = 0; again < 20; ++again) {
    const std::vector<std::string> jobs{"wait", "tell", "a", "wait", "b", "tell"};
    REQUIRE(all_came_back(jobs, pool.map(jobs)));
  }
}

TEST_CASE("a map is done when its jobs are, though a worker is busy with another job")
{
  ProcessPool pool(2, [](std::string_view job) {
    while (job == "sleep") ::pause();
    return std::string(job);
  });
  const auto never = pool.submit("sleep");
  for (int again = 0; again < 5; ++again) {
    const auto jobs = numbers(10 + static_cast<std::size_t>(again));
    REQUIRE(all_came_back(jobs, pool.map(jobs)));
  }
  REQUIRE(pool.submit("x").get().bytes == "x");
  pool.shut_down(Shutdown::kDrop);
}

TEST_CASE("every worker of a map that dies costs one job, wherever it dies")
{
  ProcessPool pool(3, [](std::string_view job) {
    if (job.ends_with('7')) ::kill(::getpid(), SIGKILL);
    return std::string(job);
  });
  const auto jobs = numbers(300);
  const auto results = pool.map(jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    INFO(jobs[i] << ": " << results[i].problem);
    REQUIRE(results[i].good() == !jobs[i].ends_with('7'));
  }
  REQUIRE(pool.map({"x"})[0].bytes == "x");
}

TEST_CASE("dropping ends a map: what was done counts, all else is dropped")
{
  const Pipe pipe = make_pipe();
  ProcessPool pool(2, [&](std::string_view job) {
    if (job != "0") write_all(pipe.write_end, "x");
    while (job != "0") ::pause();
    return std::string(job);
  });
  std::vector<ProcessResult> results;
  std::jthread mapping([&] { results = pool.map(numbers(100)); });
  read_sign(pipe);
  read_sign(pipe);  // both are at work: on 1 and 2, with 0 done
  pool.shut_down(Shutdown::kDrop);
  mapping.join();
  REQUIRE(results.size() == 100);
  REQUIRE(results[0].bytes == "0");
  for (std::size_t i = 1; i < results.size(); ++i)
    REQUIRE(results[i].problem == "dropped: the pool was shut down");
  REQUIRE(!has_children());
  for (const auto& result : pool.map(numbers(3)))
    REQUIRE(result.problem == "dropped: the pool was shut down");
}

TEST_CASE("draining lets a map end that needs more visits than it began with")
{
  const Pipe pipe = make_pipe();
  ProcessPool pool(2, [&](std::string_view job) {
    if (job == "0") write_all(pipe.write_end, "x");
    return std::string(1000, job.back());  // too big to lie in shared memory
  });
  std::vector<ProcessResult> results;
  std::jthread mapping([&] { results = pool.map(numbers(200)); });
  read_sign(pipe);
  pool.shut_down(Shutdown::kDrain);
  mapping.join();
  REQUIRE(results.size() == 200);
  for (const auto& result : results) REQUIRE(result.bytes.size() == 1000);
}

TEST_CASE("draining lets a map end that has more jobs than the shared memory holds")
{
  const Pipe pipe = make_pipe();
  ProcessPool pool(2, [&](std::string_view job) {
    if (job == "0") write_all(pipe.write_end, "x");
    return std::string(job);
  });
  const auto jobs = numbers(5 * JobBoard::kMostJobs + 1);
  std::vector<ProcessResult> results;
  std::jthread mapping([&] { results = pool.map(jobs); });
  read_sign(pipe);
  pool.shut_down(Shutdown::kDrain);
  mapping.join();
  REQUIRE(all_came_back(jobs, results));
  REQUIRE(!has_children());
}

TEST_CASE("a worker may run on every core, wherever it began")
{
  ProcessPool pool(3, [](std::string_view) { return std::to_string(allowed_cores().size()); });
  for (const auto& result : pool.map(numbers(30)))
    REQUIRE(result.bytes == std::to_string(allowed_cores().size()));
  REQUIRE(pool.submit("?").get().bytes == std::to_string(allowed_cores().size()));
}

TEST_CASE("jobs of a map begin in their order")
{
  Shared<std::atomic<int>> begun;
  ProcessPool pool(1, [&](std::string_view) { return std::to_string((*begun)++); });
  const auto jobs = numbers(50);
  REQUIRE(all_came_back(jobs, pool.map(jobs)));
}
