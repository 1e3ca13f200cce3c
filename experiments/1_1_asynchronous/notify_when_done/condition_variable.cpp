// condition_variable: what a future is made of. A flag says that the result is there, a mutex
// guards both, and the condition variable wakes whoever waits for the flag.
#include <condition_variable>
#include <mutex>

#include "background_thread.hpp"
#include "ways.hpp"

namespace two_cakes {

Told told_by_condition_variable(const LongTask& task, Meanwhile& meanwhile)
{
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  Ending ending;
  const std::jthread background = in_background([&] {
    const Ending result = task.run();
    const std::lock_guard lock(mutex);
    ending = result;
    done = true;
    changed.notify_one();  // under the lock: the starter may destroy it as soon as it is free
  });

  meanwhile.do_all();
  std::unique_lock lock(mutex);
  changed.wait(lock, [&done] { return done; });
  return {ending, Clock::now()};
}

}  // namespace two_cakes
