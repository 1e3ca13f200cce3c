// Listing 1.4: a child greets from a process of its own, and stays until it was looked at.
#include <span>
#include <stdexcept>

#include "models.hpp"
#include "os/child.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

Meeting meet_a_child()
{
  auto [ours, theirs] = make_socket_pair();
  Child child = Child::fork([&] {
    ours.reset();
    const Greeting said = greet("hello-child");
    write_all(theirs, {reinterpret_cast<const char*>(&said), sizeof said});
    char nothing = 0;
    read_exactly(theirs, std::span(&nothing, 1));  // until the parent closes its end
    return 0;
  });
  theirs.reset();
  Meeting meeting;
  if (!read_exactly(ours, {reinterpret_cast<char*>(&meeting.said), sizeof meeting.said}))
    throw std::runtime_error("the child was lost: " + child.wait().to_string());
  meeting.shown = seen_in_proc(meeting.said.process, meeting.said.thread);
  ours.reset();
  child.wait();
  return meeting;
}

}  // namespace two_cakes
