// Everything for coroutines on an event loop, in one include.
#pragma once

#include "tasks/cancelled.hpp"
#include "tasks/event_loop.hpp"
#include "tasks/gather.hpp"
#include "tasks/in_pool.hpp"
#include "tasks/io.hpp"
#include "tasks/next_turn.hpp"
#include "tasks/ready_for.hpp"
#include "tasks/sleep.hpp"
#include "tasks/spawned.hpp"
#include "tasks/stream.hpp"
#include "tasks/task.hpp"
#include "tasks/with_timeout.hpp"
