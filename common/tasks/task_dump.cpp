#include "tasks/task_dump.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "tasks/event_loop.hpp"

namespace two_cakes {
namespace {

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string state_of(TaskFrame& frame)
{
  if (const Waiting* const waiting = frame.waiting()) return waiting->describe();
  if (frame.finished()) return "has finished";
  return frame.is_ready() ? "is ready" : "is running";
}

std::string text_of(const std::exception_ptr& exception)
{
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

}  // namespace

std::string dump_task(std::string_view name, TaskFrame& task)
{
  std::string text = fmt::format("task \"{}\"\n", name);
  TaskFrame* frame = &task;
  while (frame != nullptr) {
    const std::source_location& where = frame->where();
    text += fmt::format("  {} ({}:{}) {}\n", function_name_of(*frame), file_name(where.file_name()),
                        where.line(), state_of(*frame));
    Waiting* const waiting = frame->waiting();
    frame = waiting == nullptr ? nullptr : waiting->child();
  }
  return text;
}

std::string dump(const EventLoop& loop)
{
  std::string text;
  for (TaskFrame* const task : loop.tasks().all())
    text += dump_task(loop.tasks().name_of(*task), *task);
  return text;
}

void print_unobserved(std::exception_ptr exception, std::string_view task)
{
  const std::string line =
      fmt::format("task \"{}\" failed, and nobody awaited it: {}\n", task, text_of(exception));
  std::fputs(line.c_str(), stderr);
}

}  // namespace two_cakes
