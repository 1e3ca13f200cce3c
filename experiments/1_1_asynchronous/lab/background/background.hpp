// Start a task in the background, go on with something else, and be told when it is done.
//
//   Background background(2);
//   background.start(fetch_report, [](const Outcome& outcome) { show(outcome); });
//   ... a loop waits for all its descriptors in poll() or epoll_wait(), and among them for
//   ... background.descriptor(); where that is readable, it calls
//   background.deliver();   // and show() runs, on the loop's own thread
//
// This file is given. What you write is background.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>

/// What became of a task: its value, or else what it threw.
struct Outcome {
  std::int64_t value = 0;
  std::exception_ptr error;  // empty where there is a value
};

class Background {
 public:
  using Task = std::function<std::int64_t()>;
  using OnDone = std::function<void(const Outcome&)>;

  /// At most `workers` tasks run at once, on as many threads of this object's own. Throws
  /// std::system_error where no descriptor can be had; then nothing is left behind.
  explicit Background(int workers);

  /// Blocks until the tasks that run have ended. Those that haven't begun never do, and no on_done
  /// is called any more. Leaves no thread and no descriptor.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// Takes a task, which begins as soon as a worker is free, in the order of the calls. Doesn't
  /// wait for any task. Any thread: a task may start another, and so may an on_done.
  void start(Task task, OnDone on_done);

  /// Readable as long as some task has ended and its on_done hasn't been called; not readable
  /// otherwise. Owned by this object: only wait for it, with poll() or epoll_wait().
  [[nodiscard]] int descriptor() const;

  /// Calls the on_done of each task that has ended, here and now, in the order in which they ended;
  /// returns how many. Doesn't block: 0 where there is no news. By then the task itself, and all
  /// that it held, is gone. If an on_done throws, that leaves deliver(); the news after it waits
  /// for the next deliver().
  std::size_t deliver();

  /// How many tasks have been started whose on_done hasn't been called. Any thread.
  [[nodiscard]] std::size_t pending() const;

 private:
  struct State;  // yours: define it in background.cpp
  std::unique_ptr<State> state_;
};
