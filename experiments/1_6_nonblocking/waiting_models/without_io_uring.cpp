// io_uring, where the library that speaks to it (liburing) was not found when this was built.
#include "base/errors.hpp"
#include "models.hpp"

namespace two_cakes {

void serve_io_uring(const Server&)
{
  throw Skipped("built without liburing (Debian's package liburing-dev)");
}

}  // namespace two_cakes
