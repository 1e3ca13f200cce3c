// Ways to let two workers share numbers.
#pragma once

#include <cstdint>
#include <vector>

namespace two_cakes {

inline constexpr int kWorkers = 2;

struct Work {
  std::int64_t updates = 0;  // of both workers together
  std::vector<int> cores;    // one for each worker; the same one twice where they share it
};

/// What the workers left, and saw.
struct Outcome {
  std::int64_t first = 0;        // counted up by one in each update
  std::int64_t second = 0;       // in a move: counted down by one in each update
  std::int64_t broken_sums = 0;  // in a move: how often, after an update of its own, a worker saw a
                                 // sum that wasn't 0
  double seconds = 0;            // from the first worker's start to the last one's end
};

// Each blocks until both workers are done. Throws SyscallError, naming the limit, where a thread
// can't be had. The sum of the two numbers is 0 before and after each move.

// One at a time, whoever comes first.
Outcome count_threads_mutex(const Work& work);
Outcome move_threads_mutex(const Work& work);
// Both numbers are one word of the machine, which is exchanged only if nobody else has been there.
Outcome count_threads_atomic(const Work& work);
Outcome move_threads_atomic(const Work& work);
// Each number is exchanged so, one after the other.
Outcome move_two_atomics(const Work& work);
// Read, compute, write; nothing else.
Outcome count_threads_bare(const Work& work);
Outcome move_threads_bare(const Work& work);
// The same, by coroutines that let the other one every kUpdatesInATurn updates. On one core.
Outcome count_coroutines(const Work& work);
Outcome move_coroutines(const Work& work);

inline constexpr int kUpdatesInATurn = 100;

}  // namespace two_cakes
