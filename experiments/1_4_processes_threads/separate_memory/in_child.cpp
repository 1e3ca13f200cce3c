// A child: it has a memory of its own, which looks like its parent's at the fork. The kernel copies
// a page when one of the two writes to it, and not before.
#include <span>
#include <stdexcept>

#include "os/child.hpp"
#include "os/pipe.hpp"
#include "touch.hpp"

namespace two_cakes {

Touched touch_in_child(Region& region, Touch how)
{
  Pipe report = make_pipe();
  Child child = Child::fork([&] {
    const Touched touched = touch(region, how);
    write_all(report.write_end, {reinterpret_cast<const char*>(&touched), sizeof touched});
    return 0;
  });
  report.write_end.reset();
  Touched touched;
  const bool came =
      read_exactly(report.read_end, {reinterpret_cast<char*>(&touched), sizeof touched});
  const ExitStatus status = child.wait();
  if (!came || !status.good())
    throw std::runtime_error("the child was lost: " + status.to_string());
  return touched;
}

}  // namespace two_cakes
