// Listing 1.2: every program is a process with at least one thread.
#include "models.hpp"

namespace two_cakes {

Meeting meet_myself()
{
  const Greeting said = greet("hello");
  return {said, seen_in_proc(said.process, said.thread)};
}

}  // namespace two_cakes
