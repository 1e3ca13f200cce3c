#include "wait/uring_buffers.hpp"

#include "wait/each_completion.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("a number of buffers that the kernel can't have is refused with what it can")
{
  if (ways_to_finish().empty()) return;
  for (const LentBuffers lent :
       {LentBuffers{0, 16}, LentBuffers{3, 16}, LentBuffers{65'536, 16}, LentBuffers{4, 0}}) {
    try {
      make_uring_completion(lent);
      FAIL("it didn't throw");
    } catch (const UsageError& error) {
      const std::string line = error.what();
      REQUIRE(line.find(std::to_string(lent.count) + " buffers of") == 0);
      REQUIRE(line.find("power of two") != std::string::npos);
    }
  }
}

#ifdef TWO_CAKES_HAS_LIBURING

TEST_CASE("buffers are counted as they are lent and given back")
{
  if (ways_to_finish().empty()) return;
  UringBuffers buffers({.count = 8, .bytes = 16});
  REQUIRE(buffers.free() == 0);  // the kernel has none yet
  io_uring ring{};
  REQUIRE(io_uring_queue_init(8, &ring, 0) == 0);
  buffers.register_with(ring);
  REQUIRE(buffers.free() == 8);
  buffers.lent_out();
  buffers.lent_out();
  REQUIRE(buffers.free() == 6);
  buffers.give_back(0);
  REQUIRE(buffers.free() == 7);
  REQUIRE(buffers.bytes(3, 5).size() == 5);
  REQUIRE(buffers.bytes(3, 5).data() - buffers.bytes(2, 5).data() == 16);
  io_uring_queue_exit(&ring);
}

TEST_CASE("few are lent at first, and twice as many whenever they have run out")
{
  if (ways_to_finish().empty()) return;
  UringBuffers buffers({.count = 128, .bytes = 16});
  io_uring ring{};
  REQUIRE(io_uring_queue_init(8, &ring, 0) == 0);
  buffers.register_with(ring);
  for (const unsigned free : {32u, 64u, 128u, 128u}) {
    REQUIRE(buffers.free() == free);
    buffers.lend_more();
  }
  io_uring_queue_exit(&ring);
}

#endif
