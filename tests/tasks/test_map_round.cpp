#include "tasks/map_round.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace two_cakes;

namespace {

const std::string kTooBig(JobBoard::kMostBytes + 1, 'b');

std::string follow_orders(std::string_view job)
{
  if (job == "big") return kTooBig;
  if (job == "throw") throw std::runtime_error("no oven");
  if (job == "throw big") throw std::runtime_error(kTooBig);
  return std::string(job) + "!";
}

/// A worker that follows an invitation to `visit`, in this process.
ProcessResult come(JobBoard& board, JobBoard::Visit visit)
{
  return {.bytes = MapRound::follow(MapRound::invitation(visit), board, follow_orders),
          .problem = {}};
}

const ProcessResult kLost{.bytes = {}, .problem = "killed"};

}  // namespace

TEST_CASE("one visit does all jobs that wait, and outcomes are in their order")
{
  JobBoard board;
  const std::vector<std::string> jobs{"a", "throw", ""};
  MapRound round(board, jobs);
  const auto visit = round.next_visit();
  const auto another = round.next_visit();
  REQUIRE(!round.visit_ended(visit, come(board, visit)));
  const auto results = round.results();
  REQUIRE(results.size() == 3);
  REQUIRE(results[0].bytes == "a!");
  REQUIRE(results[1].problem == "no oven");
  REQUIRE(results[2].bytes == "!");
  REQUIRE(!round.visit_ended(another, come(board, another)));  // too late, and no harm
}

TEST_CASE("an outcome too big for the board ends a visit, and the next goes on")
{
  JobBoard board;
  const std::vector<std::string> jobs{"a", "big", "b", "throw big", "c"};
  MapRound round(board, jobs);
  std::vector<bool> more;
  do {
    const auto visit = round.next_visit();
    more.push_back(round.visit_ended(visit, come(board, visit)));
  } while (more.back());
  REQUIRE(more == std::vector{true, true, false});
  const auto results = round.results();
  REQUIRE(results[0].bytes == "a!");
  REQUIRE((results[1].good() && results[1].bytes == kTooBig));
  REQUIRE(results[2].bytes == "b!");
  REQUIRE((results[3].problem == kTooBig && results[3].bytes.empty()));
  REQUIRE(results[4].bytes == "c!");
}

TEST_CASE("a lost worker takes the job with it that it had in hand, and no other")
{
  JobBoard board;
  const std::vector<std::string> jobs{"a", "b", "c"};
  MapRound round(board, jobs);
  const auto lost = round.next_visit();
  const auto other = round.next_visit();
  board.answer(*board.take(lost), {.bytes = "a!", .problem = {}});
  board.take(lost);
  REQUIRE(round.visit_ended(lost, kLost));
  REQUIRE(!round.visit_ended(other, come(board, other)));
  const auto results = round.results();
  REQUIRE(results[0].bytes == "a!");
  REQUIRE(results[1].problem == "killed");
  REQUIRE(results[2].bytes == "c!");
}

TEST_CASE("workers that are lost before they begin a job come to an end")
{
  JobBoard board;
  const std::vector<std::string> jobs{"a", "b", "c"};
  MapRound round(board, jobs);
  int lost = 1;
  while (round.visit_ended(round.next_visit(), kLost)) ++lost;
  REQUIRE(lost == 3);
  for (const auto& result : round.results()) REQUIRE(result.problem == "killed");
}

TEST_CASE("a worker lost when no job waits any more takes none with it")
{
  JobBoard board;
  const std::vector<std::string> jobs{"a", "b"};
  MapRound round(board, jobs);
  const auto idle = round.next_visit();
  const auto slow = round.next_visit();
  board.answer(*board.take(idle), {.bytes = "a!", .problem = {}});
  const auto in_hand = board.take(slow);
  REQUIRE(!round.visit_ended(idle, kLost));
  board.answer(*in_hand, {.bytes = "b!", .problem = {}});
  REQUIRE(!round.visit_ended(slow, {}));
  for (const auto& result : round.results()) REQUIRE(result.good());
}

TEST_CASE("a worker lost between two jobs takes none with it")
{
  JobBoard board;
  const std::vector<std::string> jobs{"a", "b", "c"};
  MapRound round(board, jobs);
  const auto lost = round.next_visit();
  board.answer(*board.take(lost), {.bytes = "a!", .problem = {}});
  REQUIRE(round.visit_ended(lost, kLost));
  const auto other = round.next_visit();
  REQUIRE(!round.visit_ended(other, come(board, other)));
  for (const auto& result : round.results()) REQUIRE(result.good());
}
