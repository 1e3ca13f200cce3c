// I/O completion ports are Windows' own; this is what stands in for them elsewhere.
#include "base/errors.hpp"
#include "wait/completion.hpp"

namespace two_cakes {

std::unique_ptr<Completion> make_iocp_completion(const LentBuffers&)
{
  throw Skipped("iocp: this system has no I/O completion ports; Windows has");
}

}  // namespace two_cakes
