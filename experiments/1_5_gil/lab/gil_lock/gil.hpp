// One lock for all threads that interpret, after CPython's global interpreter lock: whoever holds
// it computes, lets it go for whatever may wait, and hands it over when somebody has waited long
// enough.
//
// This file is given. What you write is gil.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

class Gil {
 public:
  using Interval = std::chrono::microseconds;

  explicit Gil(Interval switch_interval = std::chrono::milliseconds(5));
  ~Gil();
  Gil(const Gil&) = delete;
  Gil& operator=(const Gil&) = delete;

  /// Blocks until this thread holds the lock. While it waits, it sleeps; whenever a whole switch
  /// interval has gone by in which the lock went to nobody else, it asks the holder to drop it.
  /// Throws std::logic_error, and changes nothing, where this thread holds it already.
  void acquire();

  /// Lets the lock go. Where somebody had asked, blocks until another thread has taken it: the
  /// forced switch. Throws std::logic_error, and changes nothing, where this thread doesn't hold
  /// it.
  void release();

  /// For the holder, which calls it all the time while it computes. Where somebody has asked: drops
  /// the lock, blocks until another thread has had it and it has come back. Otherwise it costs next
  /// to nothing.
  void checkpoint();

  /// Whether the calling thread holds the lock.
  [[nodiscard]] bool held() const;

  /// Whether the present holder has been asked to drop the lock. A new holder begins unasked. Any
  /// thread.
  [[nodiscard]] bool drop_requested() const;

  /// How often the lock has come to a thread that wasn't the last to hold it; the first time of all
  /// counts. Any thread.
  [[nodiscard]] std::uint64_t switches() const;

 private:
  struct State;  // yours: define it in gil.cpp
  std::unique_ptr<State> state_;
};

/// Holds the lock from here to the end of the scope, however that is left.
class WithGil {
 public:
  explicit WithGil(Gil& gil);
  ~WithGil();
  WithGil(const WithGil&) = delete;
  WithGil& operator=(const WithGil&) = delete;

 private:
  Gil& gil_;
};

/// Lets the lock go from here to the end of the scope, however that is left; then this thread has
/// it again. Py_BEGIN_ALLOW_THREADS and Py_END_ALLOW_THREADS.
class WithoutGil {
 public:
  explicit WithoutGil(Gil& gil);
  ~WithoutGil();
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;

 private:
  Gil& gil_;
};

/// read(2), for the holder of the lock, which is let go for as long as the call may block. Returns
/// how many bytes came, 0 at the end of the file. A call that a signal interrupts is made again.
/// Throws std::system_error. In any case the caller holds the lock afterwards.
std::size_t read_without(Gil& gil, int fd, void* to, std::size_t bytes);
