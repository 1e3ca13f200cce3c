// What the other one does: reads or writes a byte of each page, and says what that took.
#pragma once

#include <cstdint>

#include "region.hpp"

namespace two_cakes {

enum class Touch { kReads, kWrites };

/// Plain numbers: they also come home through a pipe.
struct Touched {
  std::int64_t took_ns = 0;
  std::int64_t page_faults = 0;   // of the touching thread, meanwhile
  std::int64_t copied_pages = 0;  // by how much its process's own memory grew; -1 where not known
  std::int64_t right_pages = 0;   // pages in which it saw what should be there
};

/// Touches all pages, on the calling thread. Computes only.
Touched touch(Region& region, Touch how);

// Who does it; each blocks until it is done and whoever did it is gone. Throws SyscallError, naming
// the limit, where one more thread or process can't be had.
Touched touch_in_thread(Region& region, Touch how);
Touched touch_in_child(Region& region, Touch how);

}  // namespace two_cakes
