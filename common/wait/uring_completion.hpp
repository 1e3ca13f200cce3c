// io_uring as a Completion: what its two sources, of the asking and of the answers, share.
#pragma once

#ifdef TWO_CAKES_HAS_LIBURING

#include <deque>
#include <unordered_map>

#include "base/unique_fd.hpp"
#include "wait/completion.hpp"
#include "wait/uring_buffers.hpp"
#include "wait/uring_ring.hpp"

namespace two_cakes {

class UringCompletion final : public Completion {
 public:
  UringCompletion(const LentBuffers& lent, bool deferred);

  [[nodiscard]] std::string_view name() const override { return "io_uring"; }

  void accept(int listener, std::uint64_t tag) override;
  void receive(int socket, std::uint64_t tag) override;
  void receive_into(int socket, std::span<char> buffer, std::uint64_t tag) override;
  void send(int socket, std::string_view bytes, std::uint64_t tag) override;
  void connect(int socket, const Endpoint& to, std::uint64_t tag) override;
  void read_at(int file, std::span<char> buffer, std::uint64_t offset, std::uint64_t tag) override;
  void await_ready(int fd, Ready interest, std::uint64_t tag) override;
  void cancel(std::uint64_t tag) override;

  [[nodiscard]] std::span<const char> received(const CompletionEvent& event) const override
  {
    return buffers_.bytes(event.buffer, static_cast<std::size_t>(event.result));
  }
  [[nodiscard]] Ready readiness(const CompletionEvent& event) const override;
  void give_back(std::uint16_t buffer) override { buffers_.give_back(buffer); }

  void wait(std::vector<CompletionEvent>& events, Clock::time_point deadline) override;
  void wake_up() override;

 private:
  struct Stream {
    enum Kind : std::uint8_t { kAccept, kReceive };
    int fd;
    Kind kind;
    bool cancelled;
  };

  // The two bits that a tag leaves free say what has completed: accept() and receive(), which go
  // on, or what is nobody's but this class's own.
  static constexpr std::uint64_t kStream = std::uint64_t{1} << 62;
  static constexpr std::uint64_t kOwn = std::uint64_t{1} << 63;
  static constexpr std::uint64_t kKind = kStream | kOwn;
  static constexpr std::uint64_t kWoken = kOwn | 1;
  static constexpr std::uint64_t kCancelled = kOwn | 2;

  void arm(std::uint64_t tag);
  void arm_starved();
  void listen_for_wake_up();
  void take(const io_uring_cqe& entry, std::vector<CompletionEvent>& events);
  void take_from_stream(std::uint64_t tag, const io_uring_cqe& entry,
                        std::vector<CompletionEvent>& events);

  UniqueFd wake_up_;  // an eventfd that is read all the time: the read ends when somebody writes
  std::uint64_t wake_ups_ = 0;
  UringBuffers buffers_;
  UringRing ring_;  // after all that the kernel writes to: it ends first
  std::unordered_map<std::uint64_t, Stream> streams_;  // by tag; touched when one begins or ends
  std::deque<std::uint64_t> starved_;  // streams that ended because all buffers were lent
  std::vector<CompletionEvent> own_;   // what ended without the kernel
};

}  // namespace two_cakes

#endif
