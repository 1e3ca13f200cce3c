// processes, C++: a child each. It gains what threads gain, and pays for two forks.
#include "base/bytes.hpp"
#include "models.hpp"
#include "tasks/in_children.hpp"
#include "work/fibonacci.hpp"

namespace two_cakes {

FibPair run_processes(int n)
{
  const auto answers =
      run_in_children(2, [n](int i) { return to_bytes<std::uint64_t>(fib(n + i)); });
  return {from_bytes<std::uint64_t>(answers[0]), from_bytes<std::uint64_t>(answers[1])};
}

}  // namespace two_cakes
