// processes: two simple loops that block, each in a process of its own. The child copies what comes
// back, the parent what is sent; the socket belongs to both.
#include <fmt/format.h>

#include <stdexcept>

#include "models.hpp"
#include "os/child.hpp"

namespace two_cakes {

void run_processes(const Session& session)
{
  Child child = Child::fork([&] {
    receive_output(session);
    return 0;
  });
  send_input(session);
  const ExitStatus status = child.wait();
  if (!status.good())
    throw std::runtime_error(fmt::format("the child that receives: {}", status.to_string()));
}

}  // namespace two_cakes
