#include "tasks/frame_pool.hpp"

#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("blocks of all sizes are apart, aligned, and whole")
{
  std::vector<std::pair<unsigned char*, std::size_t>> blocks;
  for (std::size_t bytes = 1; bytes < 3000; bytes += 7) {
    auto* const block = static_cast<unsigned char*>(FramePool::allocate(bytes));
    REQUIRE(reinterpret_cast<std::uintptr_t>(block) % 16 == 0);
    std::memset(block, static_cast<int>(bytes % 251), bytes);
    blocks.emplace_back(block, bytes);
  }
  for (const auto& [block, bytes] : blocks) {
    for (std::size_t i = 0; i < bytes; ++i) REQUIRE(block[i] == bytes % 251);
    FramePool::release(block, bytes);
  }
}

TEST_CASE("a block may be released by another thread, and a thread's blocks outlive it")
{
  std::vector<void*> blocks(1000);
  std::thread([&] {
    for (void*& block : blocks) {
      block = FramePool::allocate(100);
      std::memset(block, 1, 100);
    }
  }).join();
  for (void* const block : blocks) {
    std::memset(block, 2, 100);
    FramePool::release(block, 100);
  }
  std::thread([&] {
    for (void*& block : blocks) block = FramePool::allocate(100);
    for (void* const block : blocks) FramePool::release(block, 100);
  }).join();
  CHECK(std::set<void*>(blocks.begin(), blocks.end()).size() == blocks.size());
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("what was released comes again, also from a thread that has ended")
{
  void* const block = FramePool::allocate(200);
  FramePool::release(block, 200);
  CHECK(FramePool::allocate(208) == block);
  FramePool::release(block, 208);

  std::set<void*> seen;
  for (int i = 0; i < 50; ++i)
    std::thread([&] {
      void* const mine = FramePool::allocate(900);
      seen.insert(mine);
      FramePool::release(mine, 900);
    }).join();
  CHECK(seen.size() < 50);
}
#endif
