// processes, C++: a child each. It gains what threads gain, and pays for two forks.
#include "models.hpp"
#include "tasks/in_children.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {

FibPair run_processes(int n)
{
  const auto answers = run_in_children(2, [n](int i) { return bytes_of(fib(n + i)); });
  return {number_of(answers[0]), number_of(answers[1])};
}

}  // namespace two_cakes
