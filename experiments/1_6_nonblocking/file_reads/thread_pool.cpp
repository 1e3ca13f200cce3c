// thread_pool: the calls still block, but it is others who sleep. This is what asyncio, libuv and
// nginx do for files.
#include "tasks/thread_pool.hpp"

#include <future>
#include <memory>

#include "models.hpp"

namespace two_cakes {

ReadAll prepare_thread_pool(int pool_threads)
{
  const auto pool = std::make_shared<ThreadPool>(pool_threads);
  return [pool](const UniqueFd& file, std::vector<Block>& blocks) {
    std::vector<std::future<void>> reads;
    for (Block& block : blocks)
      reads.push_back(pool->submit([&file, &block] { read_block(file, block); }));
    for (std::future<void>& read : reads) read.wait();
    for (std::future<void>& read : reads) read.get();
  };
}

}  // namespace two_cakes
