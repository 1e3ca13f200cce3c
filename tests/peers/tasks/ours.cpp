// Our coroutines: what a task costs. The same measurements as in asio.cpp.
#include "stopwatch.hpp"
#include "tasks/coroutine.hpp"

using namespace two_cakes;

namespace {

Task<int> child(int value) { co_return value; }

Task<void> await_children(int count, long& sum)
{
  for (int i = 0; i < count; ++i) sum += co_await child(i);
}

Task<void> nothing(int& finished)
{
  ++finished;
  co_return;
}

Task<void> take_turns(int count)
{
  for (int i = 0; i < count; ++i)
    co_await sleep_until(Clock::time_point::min());  // behind the others
}

constexpr auto kOneSecond = std::chrono::seconds(1);

Task<void> sleep_one_second(int& finished)
{
  co_await sleep_for(kOneSecond);
  ++finished;
}

double await_ns(int count)
{
  EventLoop loop;
  long sum = 0;
  loop.spawn(await_children(count, sum));
  const peers::Stopwatch watch;
  loop.run();
  return peers::check(sum == long{count} * (count - 1) / 2, watch.ns_per(count));
}

double post_ns(int count)
{
  EventLoop loop;
  int left = count;
  struct Again {
    EventLoop& loop;
    int& left;
    void operator()() const
    {
      if (--left >= peers::kAtOnce) loop.call_soon(*this);
    }
  };
  for (int i = 0; i < peers::kAtOnce; ++i) loop.call_soon(Again{loop, left});
  const peers::Stopwatch watch;
  loop.run();
  return peers::check(left == 0, watch.ns_per(count));
}

double spawn_ns(int count)
{
  EventLoop loop;
  int finished = 0;
  const peers::Stopwatch watch;
  for (int i = 0; i < count; i += peers::kAtOnce) {
    for (int j = 0; j < peers::kAtOnce; ++j) loop.spawn(nothing(finished));
    loop.run();
  }
  return peers::check(finished == count, watch.ns_per(count));
}

double switch_ns(int count)
{
  EventLoop loop;
  for (int i = 0; i < peers::kAtOnce; ++i) loop.spawn(take_turns(count / peers::kAtOnce));
  const peers::Stopwatch watch;
  loop.run();
  return watch.ns_per(count);
}

void sleepers(int count)
{
  const std::size_t before = peers::resident_bytes();
  EventLoop loop;
  int finished = 0;
  const peers::Stopwatch watch;
  for (int i = 0; i < count; ++i) loop.spawn(sleep_one_second(finished));
  loop.run();
  peers::report_sleepers(peers::check(finished == count, watch.seconds()), before, count);
}

}  // namespace

int main(int argc, char** argv)
{
  if (peers::sleeping_wanted(argc, argv)) return sleepers(peers::number(argc, argv)), 0;
  const int count = peers::number(argc, argv);
  std::printf("await_ns=%.3f post_ns=%.3f spawn_ns=%.3f switch_ns=%.3f\n", await_ns(count),
              post_ns(count), spawn_ns(count / 10), switch_ns(count));
}
