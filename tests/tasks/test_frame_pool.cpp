#include "tasks/frame_pool.hpp"

#include <algorithm>
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
    const std::size_t words = (bytes + 7) / 8;
    REQUIRE(reinterpret_cast<std::uintptr_t>(block) % (words % 2 == 0 ? 16 : 8) == 0);
    std::memset(block, static_cast<int>(bytes % 251), bytes);
    blocks.emplace_back(block, bytes);
  }
  for (const auto& [block, bytes] : blocks) {
    for (std::size_t i = 0; i < bytes; ++i) REQUIRE(block[i] == bytes % 251);
    FramePool::release(block, bytes);
  }
}

TEST_CASE("pieces of all lengths, up to a huge page, are cut into blocks that don't overlap")
{
  constexpr std::size_t kBytes = 1000;
  std::vector<void*> blocks(40'000);  // 40 MB: an eighth of it is more than a huge page
  for (void*& block : blocks) std::memset(block = FramePool::allocate(kBytes), 1, kBytes);
  std::vector<void*> sorted = blocks;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 1; i < sorted.size(); ++i)
    REQUIRE(static_cast<char*>(sorted[i]) - static_cast<char*>(sorted[i - 1]) >= 1000);
  for (void* const block : blocks) FramePool::release(block, kBytes);
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
TEST_CASE("a block of more than two lines of the cache begins with a line")
{
  for (std::size_t bytes = 129; bytes <= 1024; bytes += 5) {
    std::vector<void*> blocks(100);
    for (void*& block : blocks) {
      block = FramePool::allocate(bytes);
      REQUIRE(reinterpret_cast<std::uintptr_t>(block) % 64 == 0);
    }
    for (void* const block : blocks) FramePool::release(block, bytes);
  }
}

TEST_CASE("what was released comes again, also from a thread that has ended")
{
  void* const block = FramePool::allocate(201);
  FramePool::release(block, 201);
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

TEST_CASE("blocks that come from one thread and go in another aren't lost with that one")
{
  constexpr std::size_t kBytes = 344;
  std::set<void*> seen;
  for (int round = 0; round < 20; ++round) {
    std::vector<void*> blocks(1000);
    for (void*& block : blocks) seen.insert(block = FramePool::allocate(kBytes));
    std::thread([&] {
      for (void* const block : blocks) FramePool::release(block, kBytes);
    }).join();
  }
  CHECK(seen.size() < 3000);
}
#endif
