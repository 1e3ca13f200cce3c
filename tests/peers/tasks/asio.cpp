// asio's coroutines: what a task costs. Prints `name=number` words; see tasks.py for what they
// mean.
#include <asio.hpp>
#include <coroutine>

#include "stopwatch.hpp"

namespace {

using asio::awaitable;
using asio::use_awaitable;

awaitable<int> child(int value) { co_return value; }

awaitable<void> await_children(int count, long& sum)
{
  for (int i = 0; i < count; ++i) sum += co_await child(i);
}

awaitable<void> nothing(int& finished)
{
  ++finished;
  co_return;
}

awaitable<void> take_turns(int count)
{
  for (int i = 0; i < count; ++i) co_await asio::post(use_awaitable);
}

awaitable<void> sleep_one_second(int& finished)
{
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::seconds(1));
  co_await timer.async_wait(use_awaitable);
  ++finished;
}

double await_ns(int count)
{
  asio::io_context context(ASIO_CONCURRENCY_HINT_UNSAFE);
  long sum = 0;
  co_spawn(context, await_children(count, sum), asio::detached);
  const peers::Stopwatch watch;
  context.run();
  return peers::check(sum == long{count} * (count - 1) / 2, watch.ns_per(count));
}

double post_ns(int count)
{
  asio::io_context context(ASIO_CONCURRENCY_HINT_UNSAFE);
  int left = count;
  struct Again {
    asio::io_context& context;
    int& left;
    void operator()() const
    {
      if (--left >= peers::kAtOnce) asio::post(context, *this);
    }
  };
  for (int i = 0; i < peers::kAtOnce; ++i) asio::post(context, Again{context, left});
  const peers::Stopwatch watch;
  context.run();
  return peers::check(left == 0, watch.ns_per(count));
}

double spawn_ns(int count)
{
  asio::io_context context(ASIO_CONCURRENCY_HINT_UNSAFE);
  int finished = 0;
  const peers::Stopwatch watch;
  for (int i = 0; i < count; i += peers::kAtOnce) {
    for (int j = 0; j < peers::kAtOnce; ++j) co_spawn(context, nothing(finished), asio::detached);
    context.run();
    context.restart();
  }
  return peers::check(finished == count, watch.ns_per(count));
}

double switch_ns(int count)
{
  asio::io_context context(ASIO_CONCURRENCY_HINT_UNSAFE);
  for (int i = 0; i < peers::kAtOnce; ++i)
    co_spawn(context, take_turns(count / peers::kAtOnce), asio::detached);
  const peers::Stopwatch watch;
  context.run();
  return watch.ns_per(count);
}

void sleepers(int count)
{
  const std::size_t before = peers::resident_bytes();
  asio::io_context context(ASIO_CONCURRENCY_HINT_UNSAFE);
  int finished = 0;
  const peers::Stopwatch watch;
  for (int i = 0; i < count; ++i) co_spawn(context, sleep_one_second(finished), asio::detached);
  context.run();
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
