// A file whose every block is known, and whether the kernel has it in memory.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/units.hpp"

namespace two_cakes {

inline constexpr std::size_t kBlockBytes = 16 * kKibibyte;

/// A block of the file, and where it is read to.
struct Block {
  std::uint64_t number = 0;
  std::vector<char> buffer;

  [[nodiscard]] std::uint64_t offset() const { return number * kBlockBytes; }
};

/// Without a name: it is gone with the object, however that ends.
class TestFile {
 public:
  /// Writes `blocks` blocks to a file in `folder`, and has them on the disk. Throws SyscallError.
  TestFile(const std::string& folder, int blocks);

  [[nodiscard]] const UniqueFd& fd() const { return fd_; }
  /// All blocks, in scattered order, with empty buffers.
  [[nodiscard]] std::vector<Block> all_blocks() const;

  /// Asks the kernel to forget what it has in memory of it. Throws Skipped where it keeps most of
  /// it all the same, as on a tmpfs.
  void make_cold() const;
  /// Reads all of it once.
  void make_warm() const;

 private:
  [[nodiscard]] int blocks_in_memory() const;

  UniqueFd fd_;
  std::string folder_;
  int blocks_;
};

/// Throws WrongAnswer unless the buffer holds what was written to that block; then empties it.
void check_and_clear(Block& block);

}  // namespace two_cakes
