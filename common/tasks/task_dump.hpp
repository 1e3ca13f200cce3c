// What the tasks of a loop are waiting for: the stacks that coroutines don't have.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "tasks/task_frame.hpp"

namespace two_cakes {

class EventLoop;

/// Every task that has not finished, as text: its name and state, and below it the chain of
/// coroutines that await each other, the innermost last, with file and line of each function.
///   task "client 7"
///     serve(Stream) (server.cpp:12) awaits
///     handle(Stream&) (server.cpp:30) reads descriptor 9
std::string dump(const EventLoop& loop);

/// One task of it.
std::string dump_task(std::string_view name, TaskFrame& task);

/// The default exception handler of a loop: one line on stderr.
void print_unobserved(std::exception_ptr exception, std::string_view task);

}  // namespace two_cakes
