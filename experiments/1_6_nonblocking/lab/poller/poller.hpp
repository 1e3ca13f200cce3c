// A poller: which of many descriptors can be read or written, without asking each.
// This file is given: the tests are built with the original, so there is nothing to gain by
// changing it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

/// What to watch a descriptor for, and what came of it; a bit set.
enum class Ready : std::uint8_t {
  kNothing = 0,
  kRead = 1,    // reading would not block: bytes, a connection, the end of the stream
  kWrite = 2,   // writing would not block
  kHangUp = 4,  // the other side is gone (EPOLLHUP); reported unasked
  kError = 8,   // an error is waiting to be fetched (EPOLLERR); reported unasked
};

constexpr Ready operator|(Ready left, Ready right)
{
  return static_cast<Ready>(static_cast<int>(left) | static_cast<int>(right));
}
constexpr Ready operator&(Ready left, Ready right)
{
  return static_cast<Ready>(static_cast<int>(left) & static_cast<int>(right));
}

enum class Trigger {
  kLevel,  // as long as it is ready, each wait reports it
  kEdge,   // it is reported when it becomes ready, when more comes, and after modify()
};

/// `tag` is what the owner gave with the descriptor: a number or a pointer, to find his own again.
struct Event {
  int fd = -1;
  std::uint64_t tag = 0;
  Ready ready = Ready::kNothing;
};

/// One thread at a time. Descriptors belong to the caller, who removes them before closing them;
/// one that is closed without that is forgotten by the kernel, and its number may be added anew.
/// (While a copy of it is open somewhere, the kernel goes on reporting it: to nobody, then.)
class Poller {
 public:
  using Clock = std::chrono::steady_clock;
  using Handler = std::function<void(const Event&)>;

  static constexpr Clock::time_point kForEver = Clock::time_point::max();

  /// Throws std::system_error, as do all below: with errno as its code, and in what() the call and
  /// the descriptor, as in "epoll_ctl descriptor 7: File exists".
  explicit Poller(Trigger trigger);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Watches `fd` for kRead, kWrite, both or nothing. EEXIST where it is watched already (and goes
  /// on being watched as before), EBADF where it isn't open, EPERM for a regular file.
  void add(int fd, Ready interest, std::uint64_t tag);

  /// Changes what `fd` is watched for, and its tag. The kernel is always asked anew: what is ready
  /// is reported by the next wait, also kEdge, and also where nothing was changed. So a handler
  /// that stopped before the end, to let others have their turn, calls this. ENOENT where `fd`
  /// isn't watched.
  void modify(int fd, Ready interest, std::uint64_t tag);

  /// Forgets `fd`: no event comes for it any more, not even one that was fetched already.
  /// ENOENT where it isn't watched.
  void remove(int fd);

  /// Sleeps until something is ready, or the deadline has come. Then calls `handle` for each that
  /// is ready, at most once for a descriptor, perhaps not for all where there are many, and
  /// returns how often. A deadline that has passed only looks. It returns 0 never before the
  /// deadline, whatever interrupts it, and sleeps while it waits.
  ///
  /// `handle` may add, modify and remove, close descriptors and open others. An event is
  /// delivered only if it is still wanted when its turn comes: its descriptor is the one that was
  /// registered when it was fetched, not another that has got its number since; the tag is the
  /// newest; and what isn't of interest any more is left out. `handle` doesn't throw, and doesn't
  /// call wait().
  std::size_t wait(Clock::time_point deadline, const Handler& handle);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What reading came to.
struct Drained {
  enum class Why {
    kWouldBlock,  // all was read that there is: even an edge-triggered poller reports what comes
    kEnd,         // the end of the stream
    kBudget,      // as much as was allowed; there may be more, and nobody will say so
  };
  std::string bytes;
  Why why = Why::kWouldBlock;
};

/// Reads from `fd`, which doesn't block, until that would block, or its end, or `budget_bytes`.
/// Throws std::system_error for a broken connection.
Drained drain(int fd, std::size_t budget_bytes);
