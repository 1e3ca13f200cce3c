// libuv's timers, which it has instead of sleeping tasks. Only --sleepers COUNT.
#include <uv.h>

#include <vector>

#include "stopwatch.hpp"

int main(int argc, char** argv)
{
  const int count = peers::number(argc, argv);
  if (!peers::sleeping_wanted(argc, argv)) return 0;
  const std::size_t before = peers::resident_bytes();
  const peers::Stopwatch watch;
  uv_loop_t* loop = uv_default_loop();
  static int finished = 0;
  std::vector<uv_timer_t> timers(static_cast<std::size_t>(count));
  for (uv_timer_t& timer : timers) {
    uv_timer_init(loop, &timer);
    uv_update_time(loop);
    uv_timer_start(
        &timer, [](uv_timer_t*) { ++finished; }, 1000, 0);
  }
  uv_run(loop, UV_RUN_DEFAULT);
  peers::report_sleepers(peers::check(finished == count, watch.seconds()), before, count);
}
