#include "wait/uring_completion.hpp"

#include <poll.h>

#include <cerrno>

#include "wait/each_completion.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

#ifdef TWO_CAKES_HAS_LIBURING

TEST_CASE("what a wait came to: an error or a hang-up is both, a failure is nothing")
{
  for (const bool deferred : ways_to_finish()) {
    const UringCompletion completion(LentBuffers{}, deferred);
    const auto readiness = [&](int result) {
      return completion.readiness({.tag = 1, .result = result, .buffer = kNoBuffer, .more = false});
    };
    CHECK(readiness(POLLIN) == Ready::kRead);
    CHECK(readiness(POLLOUT) == Ready::kWrite);
    CHECK(readiness(POLLIN | POLLOUT) == Ready::kBoth);
    CHECK(readiness(POLLERR) == Ready::kBoth);
    CHECK(readiness(POLLIN | POLLHUP) == Ready::kBoth);
    CHECK(readiness(-ECANCELED) == Ready::kNothing);
  }
}

#endif
