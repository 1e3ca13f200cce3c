// Ways to count the references to one object that many threads use. Each begins with one reference,
// its owner's.
#pragma once

#include <cstdint>

namespace two_cakes {

/// So many references a thread takes, before it drops them again.
inline constexpr int kHeld = 1'000;

struct Work {
  int threads = 1;
  std::int64_t pairs = 0;  // a reference taken, and dropped again; of all threads together
};

struct Counted {
  std::int64_t final_count = 0;  // 1, if nothing was lost
  double seconds = 0;            // from the first thread's start to the last one's end
};

// Each blocks until all threads have ended.

/// Read, add, write back: not one step.
Counted run_plain(const Work& work);
/// The same under a lock: what the GIL does for CPython.
Counted run_one_mutex(const Work& work);
/// One step, in hardware.
Counted run_atomic(const Work& work);
/// std::shared_ptr copied and dropped: an atomic count, as the library has it.
Counted run_shared_ptr(const Work& work);
/// The owner counts for itself, the others atomically (PEP 703).
Counted run_biased(const Work& work);
/// Each thread keeps its own difference, and settles it now and then.
Counted run_deferred(const Work& work);

}  // namespace two_cakes
