// callback: the starter leaves a function, and the task's thread calls it. Nobody has to be woken;
// but it runs on the other thread, at any moment, and must not touch what the starter is busy with.
#include <functional>

#include "background_thread.hpp"
#include "ways.hpp"

namespace two_cakes {
namespace {

using OnDone = std::function<void(const Ending&)>;

std::jthread start(const LongTask& task, OnDone on_done)
{
  return in_background([&task, on_done = std::move(on_done)] { on_done(task.run()); });
}

}  // namespace

Told told_by_callback(const LongTask& task, Meanwhile& meanwhile)
{
  Told told;
  std::jthread background = start(task, [&told](const Ending& ending) {
    told = {ending, Clock::now()};
  });

  meanwhile.do_all();
  background.join();  // only now may this thread read what the callback wrote
  return told;
}

}  // namespace two_cakes
