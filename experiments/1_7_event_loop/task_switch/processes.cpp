// processes: a task is a process, with a memory of its own. To switch, the kernel changes that too.
#include <stdexcept>

#include "os/child.hpp"
#include "os/shared.hpp"
#include "ring.hpp"

namespace two_cakes {
namespace {

void wait_for_all(std::vector<Child>& children)
{
  for (Child& child : children)
    if (const ExitStatus status = child.wait(); !status.good())
      throw std::runtime_error("a task ended with " + status.to_string());
}

}  // namespace

Outcome switch_processes(const Plan& plan)
{
  Shared<Ring> ring;
  std::vector<Child> children;  // killed where not all can be had
  for (int i = 0; i < plan.tasks; ++i)
    children.push_back(Child::fork([&, i] {
      (*ring).play(plan, i);
      return 0;
    }));
  (*ring).start();
  wait_for_all(children);
  return (*ring).outcome(plan.tasks);
}

Outcome create_processes(int tasks)
{
  Shared<Ring> ring;
  std::vector<Child> children;
  const auto begin = Clock::now();
  for (int i = 0; i < tasks; ++i)
    children.push_back(Child::fork([&, i] {
      ++(*ring).turns[i];
      return 0;
    }));
  wait_for_all(children);
  const auto end = Clock::now();
  (*ring).begin = begin;
  (*ring).end = end;
  return (*ring).outcome(tasks);
}

}  // namespace two_cakes
