#include "tasks/in_children.hpp"

#include <unistd.h>

#include <csignal>
#include <set>
#include <stdexcept>

#include "base/errors.hpp"
#include "catch.hpp"
#include "few_processes.hpp"
#include "in_child.hpp"
#include "os/child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

/// What run_in_children() threw.
std::string problem_of(int count, const std::function<std::string(int)>& work)
{
  try {
    run_in_children(count, work);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE("each piece of work runs in a process of its own, and answers come in order")
{
  const auto pids = run_in_children(
      3, [](int i) { return std::to_string(i) + " " + std::to_string(::getpid()); });
  std::set<std::string> different;
  for (std::size_t i = 0; i < pids.size(); ++i) {
    CHECK(pids[i].starts_with(std::to_string(i) + " "));
    different.insert(pids[i].substr(2));
  }
  different.insert(std::to_string(::getpid()));
  CHECK(different.size() == 4);
  CHECK(living_children() == 0);
}

TEST_CASE("an answer may be longer than a pipe holds, or empty")
{
  const auto answers = run_in_children(2, [](int i) { return std::string(i * 1'000'000, 'x'); });
  CHECK(answers[0].empty());
  CHECK(answers[1].size() == 1'000'000);
}

TEST_CASE("a child that is lost is named, with how it ended, and nobody is left behind")
{
  CHECK(problem_of(2, [](int i) {
          if (i == 1) ::kill(::getpid(), SIGKILL);
          return std::string("here");
        }) == "child 1 was lost: killed by SIGKILL");
  CHECK(problem_of(2, [](int i) -> std::string {
          if (i == 0) throw std::runtime_error("on purpose");
          return "here";
        }) == "child 0 was lost: exit code 1");
  CHECK(living_children() == 0);
}

TEST_CASE("where no process can be had, the limit is named")
{
  CHECK(exit_code_in_child([] {
          allow_no_more_processes();
          const auto problem = problem_of(1, [](int) { return std::string(); });
          return problem.find("fork") != std::string::npos ? 0 : 1;
        }) == 0);
}
