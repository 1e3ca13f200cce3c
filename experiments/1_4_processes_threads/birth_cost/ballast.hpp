// Memory that the parent has and its children don't need.
#pragma once

#include <cstddef>

namespace two_cakes {

/// Anonymous memory of which each page was written once, so that it is really there.
class Ballast {
 public:
  /// `huge_pages`: lets the kernel take pages of 2 MiB, of which fork() has 512 times fewer to
  /// note.
  explicit Ballast(bool huge_pages) : huge_pages_(huge_pages) {}
  ~Ballast() { drop(); }
  Ballast(const Ballast&) = delete;
  Ballast& operator=(const Ballast&) = delete;

  /// Holds `bytes` from here on. No work where it does already. Throws Skipped, with the reason,
  /// where the machine (or the control group) hasn't so much to give.
  void resize(std::size_t bytes);

 private:
  void drop();

  bool huge_pages_;
  char* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace two_cakes
