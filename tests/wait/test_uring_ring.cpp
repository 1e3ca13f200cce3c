#include "wait/uring_ring.hpp"

#include "wait/each_completion.hpp"

#ifdef TWO_CAKES_HAS_LIBURING

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("what is handed in comes back, more of it than there is room for at once")
{
  for (const bool deferred : ways_to_finish()) {
    UringRing ring(deferred);
    constexpr unsigned kMany = 10'000;
    for (unsigned i = 0; i < kMany; ++i) {
      io_uring_sqe& entry = ring.next_submission();
      io_uring_prep_nop(&entry);
      io_uring_sqe_set_data64(&entry, i);
    }
    std::vector<bool> seen(kMany, false);
    unsigned left = kMany;
    while (left > 0) {
      ring.submit_and_wait(TimeLeft(soon()));
      io_uring_cqe* entry = nullptr;
      while (io_uring_peek_cqe(&ring.get(), &entry) == 0) {
        REQUIRE(!seen.at(entry->user_data));
        seen[entry->user_data] = true;
        io_uring_cqe_seen(&ring.get(), entry);
        --left;
      }
    }
  }
}

#endif
