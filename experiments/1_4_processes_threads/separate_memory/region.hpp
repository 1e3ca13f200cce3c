// Pages of memory that are all there before anybody else is born.
#pragma once

#include <cstddef>

namespace two_cakes {

enum class Sharing {
  kPrivate,  // MAP_PRIVATE, as all memory of new and malloc: after fork() to each his own
  kShared,   // MAP_SHARED: one memory for this process and its children, on purpose
};

/// So many pages of 4 KiB (or what the machine has), in each of which the first byte counts.
class Region {
 public:
  /// All bytes are kBefore. Throws Skipped where so much memory can't be had.
  Region(Sharing sharing, std::size_t pages);
  ~Region();
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  static constexpr char kBefore = 1;
  static constexpr char kWritten = 2;

  [[nodiscard]] std::size_t pages() const { return pages_; }
  [[nodiscard]] volatile char& byte_of(std::size_t page) { return bytes_[page * page_bytes_]; }

  void fill(char value);
  /// In how many pages this process sees `value`.
  [[nodiscard]] std::size_t count(char value);

 private:
  std::size_t pages_;
  std::size_t page_bytes_;
  volatile char* bytes_ = nullptr;
};

}  // namespace two_cakes
