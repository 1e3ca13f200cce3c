// The other side: a child or a thread that does what it is told over a channel of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <thread>

#include "channel.hpp"
#include "os/child.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

enum class Who { kChild, kThread };

/// What the partner does with the next messages.
enum class Task : std::uint64_t {
  kReceive,   // looks at the stamp of each
  kSendBack,  // sends each back
  kCheckAll,  // compares every byte of each with full_message()
};

class Partner {
 public:
  /// Starts it. Throws SyscallError, naming the limit, where it can't be had.
  Partner(Who who, Link link, std::size_t message_bytes);
  /// Ends it, and reaps the child or joins the thread.
  ~Partner();
  Partner(const Partner&) = delete;
  Partner& operator=(const Partner&) = delete;

  /// Our side of the link.
  [[nodiscard]] Channel& channel() { return *link_.ours; }

  /// Tells it what to do with the next `messages`. Returns at once.
  void tell(Task task, std::uint64_t messages);

  /// Blocks until it has done that; how many of the messages were wrong.
  std::uint64_t wrong_messages();

 private:
  int serve(const UniqueFd& orders);

  Link link_;
  std::size_t message_bytes_;
  UniqueFd orders_;
  UniqueFd their_orders_;
  std::optional<Child> child_;
  std::jthread thread_;
};

}  // namespace two_cakes
