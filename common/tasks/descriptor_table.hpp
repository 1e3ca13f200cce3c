// What is known of each descriptor, found by its number.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <vector>

namespace two_cakes {

/// For so many events at once, what they need is read ahead: see Descriptors::look_ahead().
inline constexpr std::size_t kEventsAhead = 16;

/// Reads a byte, so that its line is in the cache soon. No effect for nullptr.
inline void touch(const void* place)
{
  if (place != nullptr) static_cast<void>(*static_cast<const volatile char*>(place));
}

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
