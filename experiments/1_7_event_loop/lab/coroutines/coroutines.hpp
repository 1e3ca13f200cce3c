// Coroutines over a loop: functions that can wait in their middle. Names follow asyncio's.
//
//   Task<int> answer()
//   {
//     co_await sleep_for(10ms);  // the others' turn
//     co_return 42;
//   }
//
//   Loop loop;
//   Scheduler scheduler(loop);
//   const int result = scheduler.run(answer());
//
// All of it belongs to the loop's thread. A Loop outlives its Scheduler, and a Scheduler every
// Spawned that it gave. Given; yours are the three headers and coroutines.cpp. What stands outside
// of your regions in them is the contract: leave it as it is.
#pragma once

#include "combine.hpp"
#include "loop.hpp"
#include "scheduler.hpp"
#include "task.hpp"
