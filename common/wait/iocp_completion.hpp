// I/O completion ports as a Completion: what its two sources, of the asking and of the answers,
// share.
#pragma once

#ifdef _WIN32

#include <winsock2.h>

#include <array>
#include <deque>
#include <unordered_map>
#include <vector>

#include "wait/completion.hpp"

namespace two_cakes {

/// What Windows keeps of an operation, and what we do. It stays where it is until it has ended.
struct IocpOperation : OVERLAPPED {
  enum class Kind : std::uint8_t { kAccept, kReceive, kOther, kConnect, kFile };
  // AcceptEx wants 16 more than an address has.
  static constexpr DWORD kAddressBytes = sizeof(sockaddr_storage) + 16;

  [[nodiscard]] SOCKET as_socket() const { return static_cast<SOCKET>(handle); }
  [[nodiscard]] HANDLE as_handle() const { return reinterpret_cast<HANDLE>(handle); }

  std::uint64_t tag;
  std::intptr_t handle;
  Kind kind;
  bool cancelled;
  SOCKET accepted;
  std::array<char, 2 * kAddressBytes> addresses;
};

class IocpCompletion final : public Completion {
 public:
  explicit IocpCompletion(const LentBuffers& lent);
  IocpCompletion(const IocpCompletion&) = delete;
  IocpCompletion& operator=(const IocpCompletion&) = delete;
  ~IocpCompletion() override;

  [[nodiscard]] std::string_view name() const override { return "iocp"; }

  void accept(int listener, std::uint64_t tag) override;
  void receive(int socket, std::uint64_t tag) override;
  void receive_into(int socket, std::span<char> buffer, std::uint64_t tag) override;
  void send(int socket, std::string_view bytes, std::uint64_t tag) override;
  void connect(int socket, const Endpoint& to, std::uint64_t tag) override;
  void read_at(int file, std::span<char> buffer, std::uint64_t offset, std::uint64_t tag) override;
  void await_ready(int, Ready, std::uint64_t tag) override;
  void cancel(std::uint64_t tag) override;

  [[nodiscard]] std::span<const char> received(const CompletionEvent& event) const override
  {
    return {&memory_[std::size_t{event.buffer} * lent_.bytes],
            static_cast<std::size_t>(event.result)};
  }
  void give_back(std::uint16_t buffer) override { free_.push_back(buffer); }
  [[nodiscard]] Ready readiness(const CompletionEvent&) const override { return Ready::kNothing; }

  void wait(std::vector<CompletionEvent>& events, Clock::time_point deadline) override;
  void wake_up() override { ::PostQueuedCompletionStatus(port_, 0, 0, nullptr); }

 private:
  using Operation = IocpOperation;
  using Kind = IocpOperation::Kind;

  IocpOperation& begin(Kind kind, int handle, std::uint64_t tag);
  void started(IocpOperation& operation, bool done);
  void arm_accept(IocpOperation& operation);
  void arm_receive(IocpOperation& operation);
  void receive_now(IocpOperation& operation, std::vector<CompletionEvent>& events);
  static int to_errno(DWORD error);
  ULONG dequeue(DWORD milliseconds);
  void take(IocpOperation& operation, std::vector<CompletionEvent>& events);
  void end(IocpOperation& operation, int result, std::vector<CompletionEvent>& events);

  LentBuffers lent_;
  std::vector<char> memory_;
  std::vector<std::uint16_t> free_;  // buffers
  HANDLE port_ = nullptr;
  std::deque<IocpOperation> operations_;  // they never move
  std::vector<IocpOperation*> unused_;
  std::unordered_map<std::uint64_t, IocpOperation*> under_way_;  // by tag
  std::deque<IocpOperation*> starved_;                           // receive, and no buffer is free
  std::vector<CompletionEvent> own_;                             // what ended without the kernel
  std::array<OVERLAPPED_ENTRY, 256> finished_{};
};

}  // namespace two_cakes

#endif
