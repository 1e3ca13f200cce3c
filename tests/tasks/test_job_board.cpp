#include "tasks/job_board.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include "catch.hpp"
#include "os/child.hpp"
#include "pool_jobs.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

ProcessResult good(std::string bytes) { return {.bytes = std::move(bytes), .problem = {}}; }

}  // namespace

TEST_CASE("jobs are taken in their order, each once, and then none")
{
  JobBoard board;
  const auto round = board.lay_out(numbers(3));
  REQUIRE(board.take({round, 0}) == std::size_t{0});
  REQUIRE(board.take({round, 7}) == std::size_t{1});
  REQUIRE(board.job(1) == "1");
  REQUIRE(board.waits(2));
  REQUIRE(board.take({round, 0}) == std::size_t{2});
  REQUIRE(!board.waits(2));
  REQUIRE(!board.take({round, 0}));
}

TEST_CASE("who comes for a round that is over gets nothing, and harms none")
{
  JobBoard board;
  const auto first = board.lay_out(numbers(5));
  for (std::size_t i = 0; i < 5; ++i) board.settle(*board.take({first, 0}));
  const auto second = board.lay_out(numbers(2));
  REQUIRE(second != first);
  REQUIRE(!board.take({first, 0}));
  REQUIRE(!board.taken_on({first, 0}));
  REQUIRE(board.take({second, 0}) == std::size_t{0});
  REQUIRE(board.take({second, 0}) == std::size_t{1});
  REQUIRE(!board.take({second, 0}));  // the third place is the first round's
}

TEST_CASE("an answer takes the place of its job; so does a problem")
{
  JobBoard board;
  const auto round = board.lay_out(numbers(3));
  for (int i = 0; i < 3; ++i) REQUIRE(board.take({round, 0}));
  REQUIRE(!board.settled(0));
  REQUIRE(board.answer(0, good("cake")));
  REQUIRE(board.answer(1, {.bytes = {}, .problem = "no oven"}));
  REQUIRE(board.answer(2, good("")));
  REQUIRE(board.settled(0));
  REQUIRE(board.result(0).bytes == "cake");
  REQUIRE(board.result(1).problem == "no oven");
  REQUIRE(board.result(2).good());
  REQUIRE(board.result(2).bytes.empty());
}

TEST_CASE("what doesn't fit is refused, and stays with who has it")
{
  JobBoard board;
  const std::string most(JobBoard::kMostBytes, 'm');
  REQUIRE(JobBoard::fits(most));
  REQUIRE(!JobBoard::fits(most + "x"));
  const auto round = board.lay_out(std::vector{most, most});
  board.take({round, 3});
  board.take({round, 4});
  REQUIRE(board.job(1) == most);
  REQUIRE(!board.answer(1, good(most + "x")));
  REQUIRE(!board.answer(1, {.bytes = {}, .problem = most + "x"}));
  REQUIRE(board.taken_on({round, 4}) == std::size_t{1});
  REQUIRE(board.answer(1, good(most)));
  REQUIRE(board.result(1).bytes == most);
  REQUIRE(!board.taken_on({round, 4}));
}

TEST_CASE("children share a full board's jobs: each is done once, and known by whom")
{
  JobBoard board;
  const auto jobs = numbers(JobBoard::kMostJobs);
  for (int again = 0; again < 3; ++again) {
    const auto round = board.lay_out(jobs);
    std::vector<Child> children;
    for (std::uint32_t number = 0; number < 4; ++number)
      children.push_back(Child::fork([&board, round, number] {
        while (const auto place = board.take({round, number}))
          if (!board.answer(*place, good(std::string(board.job(*place)) + "!"))) return 1;
        return 0;
      }));
    for (Child& child : children) REQUIRE(child.wait().good());
    bool right = true;
    for (std::size_t i = 0; i < jobs.size(); ++i)
      right = right && board.settled(i) && board.result(i).bytes == jobs[i] + "!";
    REQUIRE(right);
  }
}

TEST_CASE("the job of a killed child is known by its visit, and the next is another's")
{
  JobBoard board;
  const auto round = board.lay_out(numbers(3));
  Child child = Child::fork([&] {
    board.answer(*board.take({round, 5}), good("done"));
    board.take({round, 5});
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  child.wait();
  REQUIRE(board.settled(0));
  REQUIRE(board.taken_on({round, 5}) == std::size_t{1});
  REQUIRE(board.take({round, 6}) == std::size_t{2});
}
