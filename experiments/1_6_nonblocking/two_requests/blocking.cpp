// blocking: listing 1.7. The second request isn't even sent before the first answer is there.
#include "models.hpp"

namespace two_cakes {

void run_blocking(const TwoRequests& requests)
{
  for (const Job& job : requests.jobs) wait_blocking(job, requests.target);
}

}  // namespace two_cakes
