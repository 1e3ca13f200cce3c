#include "tasks/worker_process.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/errors.hpp"
#include "os/pipe.hpp"
#include "os/socket.hpp"

namespace two_cakes {
namespace {

struct Header {
  std::uint64_t size = 0;
  MessageKind kind = MessageKind::kJob;
};
using RawHeader = std::array<char, sizeof(Header)>;

/// The child's life: it may block, since it has nothing else to do.
int serve(const UniqueFd& channel, const MessageHandler& handler)
{
  RawHeader raw{};
  std::string job;
  try {
    while (read_exactly(channel, raw)) {
      const auto [size, kind] = std::bit_cast<Header>(raw);
      job.resize(size);
      if (!job.empty() && !read_exactly(channel, job)) return 1;
      const ProcessResult result = outcome_of(std::bind_front(std::cref(handler), kind), job);
      write_all(channel, result.good() ? message_of(MessageKind::kAnswer, result.bytes)
                                       : message_of(MessageKind::kError, result.problem));
    }
    return 0;
  } catch (const SyscallError&) {
    return 1;  // the parent is gone: there is nobody left to tell
  }
}

Child fork_worker(const MessageHandler& handler, const std::function<void()>& leave_parent,
                  UniqueFd& ours)
{
  auto [parents, childs] = make_socket_pair();
  Child child = Child::fork([&, &parents = parents, &childs = childs] {
    leave_parent();
    parents.reset();
    return serve(childs, handler);
  });
  set_non_blocking(parents);
  ours = std::move(parents);
  return child;
}

// glibc's own declaration can't be used from C++ before 2.37.
int open_end(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

// Somebody else may have reaped the child: there is nobody left then to be sent a signal, or waited
// for.
void send_quietly(const Child& child, int signal)
{
  try {
    child.send_signal(signal);
  } catch (const SyscallError&) {
  }
}

std::string wait_for_end(Child& child)
{
  try {
    return child.wait().to_string();
  } catch (const SyscallError& error) {
    return error.what();
  }
}

}  // namespace

std::string message_of(MessageKind kind, std::string_view bytes)
{
  const auto raw = std::bit_cast<RawHeader>(Header{bytes.size(), kind});
  std::string message;
  message.reserve(raw.size() + bytes.size());
  return message.append(raw.data(), raw.size()).append(bytes);
}

WorkerProcess::WorkerProcess(const MessageHandler& handler,
                             const std::function<void()>& leave_parent)
    : child_(fork_worker(handler, leave_parent, channel_)),
      end_(open_end(child_.pid()))
{
}

Ready WorkerProcess::interest() const
{
  return sent_ < outgoing_.size() ? Ready::kBoth : Ready::kRead;
}

void WorkerProcess::begin(std::string message)
{
  outgoing_ = std::move(message);
  sent_ = 0;
  received_ = 0;
  result_ = {};
  busy_ = true;
  try {
    send_some();
  } catch (const SyscallError&) {
    // It is dead already: its channel is readable, and go_on() will find out.
  }
}

std::optional<ProcessResult> WorkerProcess::go_on()
{
  try {
    if (sent_ < outgoing_.size()) send_some();
    if (receive_some()) {
      busy_ = false;
      received_ = 0;
      outgoing_ = {};
      sent_ = 0;
      if (std::bit_cast<Header>(header_).kind == MessageKind::kError)
        result_.problem = std::exchange(result_.bytes, {});
      return std::move(result_);
    }
  } catch (const SyscallError&) {
    lost_ = true;  // in the middle of its answer, or with the job unread: the same to who waits
  } catch (const std::exception&) {
    lost_ = true;
    trouble_ = "its result of " + std::to_string(std::bit_cast<Header>(header_).size) +
               " bytes finds no memory";
  }
  return std::nullopt;
}

void WorkerProcess::send_some()
{
  while (sent_ < outgoing_.size()) {
    const auto count = write_some(channel_, std::string_view(outgoing_).substr(sent_));
    if (!count) return;
    sent_ += *count;
  }
}

/// True where the result is whole.
bool WorkerProcess::receive_some()
{
  for (;;) {
    std::size_t count = 0;
    if (received_ < header_.size()) {
      count = read_into(header_.data() + received_, header_.size() - received_);
    } else {
      const std::size_t size = std::bit_cast<Header>(header_).size;
      const std::size_t filled = received_ - header_.size();
      if (filled == size) return true;
      count = read_into(result_.bytes.data() + filled, size - filled);
    }
    if (!busy_ && count > 0) lost_ = true;  // nobody has asked it anything
    if (count == 0 || lost_) return false;
    received_ += count;
    if (received_ == header_.size()) result_.bytes.resize(std::bit_cast<Header>(header_).size);
  }
}

/// 0 where nothing is there, or nothing will come any more.
std::size_t WorkerProcess::read_into(char* place, std::size_t size)
{
  const auto count = read_some(channel_, {place, size});
  if (count == std::size_t{0}) lost_ = true;
  return count.value_or(0);
}

std::string WorkerProcess::end_of_a_lost_one()
{
  // The signal changes nothing for one that has ended, or is about to.
  send_quietly(child_, SIGKILL);
  const std::string how = wait_for_end(child_);
  if (!trouble_.empty()) return trouble_;
  return "its worker was lost: " + how;
}

void WorkerProcess::dismiss()
{
  // Closing wouldn't do: another child may have inherited this end.
  ::shutdown(channel_.get(), SHUT_RDWR);
  send_quietly(child_, SIGCONT);
}

void WorkerProcess::wait_until_gone() { wait_for_end(child_); }

}  // namespace two_cakes
