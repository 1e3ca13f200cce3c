#include "tasks/worker_process.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "catch.hpp"

using namespace two_cakes;

namespace {

std::string same_again_or_die(MessageKind /*kind*/, std::string_view job)
{
  if (job == "throw") throw std::runtime_error("no oven");
  if (job == "die") ::kill(::getpid(), SIGKILL);
  return std::string(job);
}

/// Goes on until the job is done or the worker lost, as a pool's manager does.
std::optional<ProcessResult> result_of(WorkerProcess& worker)
{
  for (;;) {
    if (auto result = worker.go_on()) return result;
    if (worker.lost()) return std::nullopt;
    const auto events =
        static_cast<short>(worker.interest() == Ready::kBoth ? POLLIN | POLLOUT : POLLIN);
    pollfd watched{.fd = worker.channel(), .events = events, .revents = 0};
    ::poll(&watched, 1, 20'000);
  }
}

}  // namespace

TEST_CASE("a worker does one job after the other, of any size")
{
  WorkerProcess worker(same_again_or_die, [] {});
  REQUIRE(!worker.busy());
  for (const std::size_t size : {0u, 1u, 1000u, 10'000'000u}) {
    const std::string job(size, 'j');
    worker.begin(message_of(MessageKind::kJob, job));
    REQUIRE(worker.busy());
    const auto result = result_of(worker);
    REQUIRE(result);
    REQUIRE(result->good());
    REQUIRE((result->bytes == job));
    REQUIRE(!worker.busy());
    REQUIRE(worker.interest() == Ready::kRead);
  }
  worker.dismiss();
  worker.wait_until_gone();
}

TEST_CASE("beginning a job never blocks: what doesn't go yet goes later")
{
  WorkerProcess worker(same_again_or_die, [] { ::raise(SIGSTOP); });
  worker.begin(message_of(MessageKind::kJob, std::string(10'000'000, 'j')));
  REQUIRE(worker.interest() == Ready::kBoth);
  REQUIRE(!worker.go_on());
  REQUIRE(!worker.lost());
}

TEST_CASE("what the handler throws is the result's problem")
{
  WorkerProcess worker(same_again_or_die, [] {});
  worker.begin(message_of(MessageKind::kJob, "throw"));
  const auto result = result_of(worker);
  REQUIRE(result);
  REQUIRE(result->problem == "no oven");
  REQUIRE(!worker.lost());
}

TEST_CASE("a worker that dies is lost, and says how it ended")
{
  WorkerProcess worker(same_again_or_die, [] {});
  worker.begin(message_of(MessageKind::kJob, "die"));
  REQUIRE(!result_of(worker));
  REQUIRE(worker.busy());
  pollfd end{.fd = worker.end(), .events = POLLIN, .revents = 0};
  if (worker.end() != -1) REQUIRE(::poll(&end, 1, 20'000) == 1);
  REQUIRE(worker.end_of_a_lost_one() == "its worker was lost: killed by SIGKILL");
}

TEST_CASE("the child leaves first what it must not hold")
{
  int seen = 0;
  WorkerProcess worker([&seen](MessageKind, std::string_view) { return std::to_string(seen); },
                       [&seen] { seen = 7; });
  worker.begin(message_of(MessageKind::kJob, "?"));
  REQUIRE(result_of(worker)->bytes == "7");
  REQUIRE(seen == 0);
}
