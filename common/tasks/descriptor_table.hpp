// What is known of each descriptor, found by its number.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <vector>

namespace two_cakes {

/// A table that grows and never moves its entries: their addresses stay. It is made of blocks of a
/// power of two, so that an entry is found by a shift and a mask; std::deque divides. Looked into
/// for each message, several times. One thread.
template <class Entry>
class DescriptorTable {
 public:
  [[nodiscard]] bool has(int fd) const { return index(fd) < blocks_.size() * kInBlock; }

  /// The entry of an `fd` that has one.
  Entry& operator[](int fd) { return (*blocks_[index(fd) / kInBlock])[index(fd) % kInBlock]; }
  const Entry& operator[](int fd) const
  {
    return (*blocks_[index(fd) / kInBlock])[index(fd) % kInBlock];
  }

  /// Reads the first byte of an entry, so that it is in the cache soon. No effect where none is.
  void touch(int fd) const
  {
    if (has(fd)) static_cast<void>(*reinterpret_cast<const volatile char*>(&(*this)[fd]));
  }

  /// The entry of any `fd`: there is one from now on. Throws std::out_of_range for a negative one.
  Entry& made(int fd)
  {
    if (!has(fd)) grow(fd);
    return (*this)[fd];
  }

 private:
  static constexpr std::size_t kInBlock = 64;
  using Block = std::array<Entry, kInBlock>;

  void grow(int fd)
  {
    if (fd < 0) throw std::out_of_range("a negative descriptor has no entry");
    while (!has(fd)) blocks_.push_back(std::make_unique<Block>());
  }

  static std::size_t index(int fd) { return static_cast<std::size_t>(fd); }  // huge where negative

  std::vector<std::unique_ptr<Block>> blocks_;
};

}  // namespace two_cakes
