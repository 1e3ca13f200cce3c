// blocking: one block after the other. Whoever reads sleeps until the disk has brought it.
#include <unistd.h>

#include "base/errors.hpp"
#include "models.hpp"

namespace two_cakes {

void read_block(const UniqueFd& file, Block& block)
{
  const ssize_t size =
      check_syscall("pread", ::pread(file.get(), block.buffer.data(), block.buffer.size(),
                                     static_cast<off_t>(block.offset())));
  if (size != static_cast<ssize_t>(block.buffer.size()))
    throw WrongAnswer("the file ends before its last block");
}

ReadAll prepare_blocking(int)
{
  return [](const UniqueFd& file, std::vector<Block>& blocks) {
    for (Block& block : blocks) read_block(file, block);
  };
}

}  // namespace two_cakes
