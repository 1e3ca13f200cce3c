// One child of a process pool, and the talk with it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "os/child.hpp"
#include "tasks/process_result.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

/// To the worker: a job, or an invitation to do many (MapRound). From it: an answer, or the text of
/// what was thrown.
enum class MessageKind : std::uint64_t { kJob, kInvitation, kAnswer, kError };

/// Runs in the child, for each job and each invitation.
using MessageHandler = std::function<std::string(MessageKind kind, std::string_view bytes)>;

/// What goes over the channel for `bytes`: their number and kind, then they themselves.
std::string message_of(MessageKind kind, std::string_view bytes);

/// A child that does one job after the other. The parent's side never blocks, so that a worker that
/// is slow to read or to answer holds up nobody: big jobs and big results may cross. The destructor
/// kills a child that still lives, and reaps it.
class WorkerProcess {
 public:
  /// Forks. In the child, `leave_parent` runs first: it closes what the child must not hold. Throws
  /// SyscallError, naming the limit.
  WorkerProcess(const MessageHandler& handler, const std::function<void()>& leave_parent);

  [[nodiscard]] int channel() const { return channel_.get(); }
  /// Readable when the child has ended (pidfd_open(2)); -1 where the kernel has none.
  [[nodiscard]] int end() const { return end_.get(); }
  [[nodiscard]] bool busy() const { return busy_; }
  /// What the channel must be watched for.
  [[nodiscard]] Ready interest() const;

  /// Begins a job: `message`, made by message_of(), is sent as far as it goes.
  void begin(std::string message);

  /// Sends and receives what can be. The result, once it is whole: from then on it isn't busy.
  std::optional<ProcessResult> go_on();

  /// Whether go_on() has found that the child is gone.
  [[nodiscard]] bool lost() const { return lost_; }

  /// Kills it if it lives, reaps it, and says how it ended.
  std::string end_of_a_lost_one();

  /// Closes the channel, which tells an idle child to leave. One that was stopped is let go on.
  void dismiss();

  /// Waits until one that was dismissed has left.
  void wait_until_gone();

  /// In another child: forgets this one, which isn't its own.
  void close_channel() { channel_.reset(); }

 private:
  void send_some();
  bool receive_some();
  std::size_t read_into(char* place, std::size_t size);

  UniqueFd channel_;
  Child child_;
  UniqueFd end_;
  bool busy_ = false;
  bool lost_ = false;
  std::string outgoing_;
  std::size_t sent_ = 0;
  std::array<char, 2 * sizeof(std::uint64_t)> header_{};
  std::size_t received_ = 0;  // of header and bytes together
  ProcessResult result_;
  std::string trouble_;  // a result that can't be taken in
};

}  // namespace two_cakes
