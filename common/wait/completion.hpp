// Completion: tell the kernel what to do, and be told when it is done. (Its counterpart is
// poller.hpp: there the kernel says when something *could* be done, and the caller does it.)
//
// The contract of every backend. An operation is started with where its bytes lie or shall lie, and
// a `tag`; starting never blocks. wait() hands everything in to the kernel at once, and brings back
// what has finished. Windows' IOCP has the same shape: WSARecv with a buffer and an OVERLAPPED, and
// GetQueuedCompletionStatusEx for what has finished.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"
#include "os/endpoint.hpp"
#include "wait/ready.hpp"

namespace two_cakes {

inline constexpr std::uint16_t kNoBuffer = 0xffff;

/// What has been done. An operation ends with the one event in which `more` is false; accept() and
/// receive() have others before.
struct CompletionEvent {
  std::uint64_t tag;
  int result;            // what the system call would have returned; -errno where it failed
  std::uint16_t buffer;  // in which the received bytes lie, or kNoBuffer
  bool more;             // the operation goes on
};

/// One thread: the first that waits. Descriptors and memory belong to the caller and stay until the
/// operation has ended (a cancelled one too): closing a descriptor ends nothing. A tag names one
/// operation under way, and has 62 bits: room for a pointer. Nothing is allocated for a message.
class Completion {
 public:
  virtual ~Completion() = default;

  /// The backend's name, such as "io_uring".
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Accepts connections, until cancelled or failed (-EMFILE: start it again, later). Each event's
  /// result is a descriptor, close-on-exec, which belongs to the caller.
  virtual void accept(int listener, std::uint64_t tag) = 0;

  /// Receives, until the end of the stream (result 0), cancelled or failed. Each event lends a
  /// buffer: received() shows it, give_back() returns it. While all are lent, nothing is received:
  /// the sender has to wait, and nothing is lost.
  virtual void receive(int socket, std::uint64_t tag) = 0;

  /// Receives once, into the caller's own buffer: at least one byte, or 0 at the end of the stream.
  virtual void receive_into(int socket, std::span<char> buffer, std::uint64_t tag) = 0;

  /// Sends all of `bytes`; fewer only where the connection broke on the way. No SIGPIPE.
  virtual void send(int socket, std::string_view bytes, std::uint64_t tag) = 0;

  /// Connects. `to` stays until the end, too.
  virtual void connect(int socket, const Endpoint& to, std::uint64_t tag) = 0;

  /// Reads at most `buffer.size()` bytes from `offset` on, of a regular file too.
  virtual void read_at(int file, std::span<char> buffer, std::uint64_t offset,
                       std::uint64_t tag) = 0;

  /// Waits once until `fd` is ready, for what can only be waited for in poller.hpp's way;
  /// readiness() says for what. IOCP knows no such thing: -EOPNOTSUPP.
  virtual void await_ready(int fd, Ready interest, std::uint64_t tag) = 0;

  /// Ends what goes by this tag: it completes with -ECANCELED, unless something else came first. No
  /// effect where nothing is under way.
  virtual void cancel(std::uint64_t tag) = 0;

  /// The bytes of an event of receive(). They stay until give_back().
  [[nodiscard]] virtual std::span<const char> received(const CompletionEvent& event) const = 0;
  virtual void give_back(std::uint16_t buffer) = 0;

  /// What await_ready() came to: an error or a hang-up counts as both, a failure as nothing.
  [[nodiscard]] virtual Ready readiness(const CompletionEvent& event) const = 0;

  /// Starts what was asked for, blocks until something has finished or `deadline` has come, and
  /// replaces `events` with what has. A deadline in the past only looks; Clock::time_point::max()
  /// waits for ever. May return nothing early, on a signal or a wake_up(). One system call.
  virtual void wait(std::vector<CompletionEvent>& events, Clock::time_point deadline) = 0;

  /// Ends the present wait() early, or else the next. From any thread.
  virtual void wake_up() = 0;
};

/// The buffers that receive() lends.
struct LentBuffers {
  unsigned count = 512;   // at most: a power of two, up to 32,768
  unsigned bytes = 2048;  // of each
};

/// Linux 6.0 and newer, with liburing: io_uring(7). Throws Skipped with the reason where it isn't
/// built in, the kernel is too old, or it forbids it. `deferred`: let the kernel finish work only
/// when asked (DEFER_TASKRUN, Linux 6.1), which is quicker; where it can't, it isn't.
std::unique_ptr<Completion> make_uring_completion(const LentBuffers& lent = {},
                                                  bool deferred = true);
/// Windows: I/O completion ports. Throws Skipped elsewhere.
std::unique_ptr<Completion> make_iocp_completion(const LentBuffers& lent = {});

/// The backend of that name: "io_uring" or "iocp". Throws UsageError for another name, and Skipped,
/// with the reason, where this machine lacks it.
std::unique_ptr<Completion> make_completion(std::string_view name, const LentBuffers& lent = {});

/// The names of all backends, whether this machine has them or not.
const std::vector<std::string>& completion_names();

/// Why this machine lacks the backend `name`; empty where it has it.
std::string why_no_completion(std::string_view name);

}  // namespace two_cakes
