// I/O completion ports, Windows' own: an operation is started with a buffer and an OVERLAPPED, and
// GetQueuedCompletionStatusEx brings back what has finished. What io_uring does by itself is done
// by hand here: a stream is started anew after each completion.
#include "base/errors.hpp"
#include "wait/completion.hpp"

#ifdef _WIN32

#include <winsock2.h>
// after winsock2.h
#include <mswsock.h>

#include <array>
#include <cerrno>
#include <deque>
#include <unordered_map>
#include <utility>

#include "wait/time_left.hpp"

namespace two_cakes {
namespace {

enum class Kind : std::uint8_t { kAccept, kReceive, kOther, kConnect, kFile };

constexpr DWORD kAddressBytes = sizeof(sockaddr_storage) + 16;  // AcceptEx wants 16 more

/// What Windows keeps of an operation, and what we do. It stays where it is until it has ended.
struct Operation : OVERLAPPED {
  std::uint64_t tag;
  std::intptr_t handle;
  Kind kind;
  bool cancelled;
  SOCKET accepted;
  std::array<char, 2 * kAddressBytes> addresses;
};

int to_errno(DWORD error)
{
  switch (error) {
    case ERROR_OPERATION_ABORTED:
      return ECANCELED;
    case ERROR_NETNAME_DELETED:
    case WSAECONNRESET:
    case WSAECONNABORTED:
      return ECONNRESET;
    case ERROR_CONNECTION_REFUSED:
    case WSAECONNREFUSED:
      return ECONNREFUSED;
    case ERROR_INVALID_HANDLE:
    case WSAENOTSOCK:
      return EBADF;
    case WSAEMFILE:
    case WSAENOBUFS:
      return EMFILE;
    case WSAESHUTDOWN:
      return EPIPE;
    default:
      return EIO;
  }
}

SOCKET socket_of(const Operation& operation) { return static_cast<SOCKET>(operation.handle); }
HANDLE handle_of(const Operation& operation) { return reinterpret_cast<HANDLE>(operation.handle); }

class IocpCompletion final : public Completion {
 public:
  explicit IocpCompletion(const LentBuffers& lent) : lent_(lent), memory_(lent.count * lent.bytes)
  {
    WSADATA data;
    ::WSAStartup(MAKEWORD(2, 2), &data);
    port_ = ::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1);
    if (port_ == nullptr) throw SyscallError(EIO, "CreateIoCompletionPort");
    for (unsigned i = 0; i < lent.count; ++i) free_.push_back(static_cast<std::uint16_t>(i));
  }
  IocpCompletion(const IocpCompletion&) = delete;
  IocpCompletion& operator=(const IocpCompletion&) = delete;
  ~IocpCompletion() override;

  [[nodiscard]] std::string_view name() const override { return "iocp"; }

  void accept(int listener, std::uint64_t tag) override
  {
    arm_accept(begin(Kind::kAccept, listener, tag));
  }
  void receive(int socket, std::uint64_t tag) override
  {
    arm_receive(begin(Kind::kReceive, socket, tag));
  }
  void receive_into(int socket, std::span<char> buffer, std::uint64_t tag) override
  {
    Operation& operation = begin(Kind::kOther, socket, tag);
    WSABUF where{static_cast<ULONG>(buffer.size()), buffer.data()};
    DWORD flags = 0;
    started(operation,
            ::WSARecv(socket_of(operation), &where, 1, nullptr, &flags, &operation, nullptr) == 0);
  }
  void send(int socket, std::string_view bytes, std::uint64_t tag) override
  {
    Operation& operation = begin(Kind::kOther, socket, tag);
    WSABUF where{static_cast<ULONG>(bytes.size()), const_cast<char*>(bytes.data())};
    started(operation,
            ::WSASend(socket_of(operation), &where, 1, nullptr, 0, &operation, nullptr) == 0);
  }
  void connect(int socket, const Endpoint& to, std::uint64_t tag) override;
  void read_at(int file, std::span<char> buffer, std::uint64_t offset, std::uint64_t tag) override
  {
    Operation& operation = begin(Kind::kFile, file, tag);
    operation.Offset = static_cast<DWORD>(offset);
    operation.OffsetHigh = static_cast<DWORD>(offset >> 32);
    started(operation, ::ReadFile(handle_of(operation), buffer.data(),
                                  static_cast<DWORD>(buffer.size()), nullptr, &operation) != 0);
  }
  void await_ready(int, Ready, std::uint64_t tag) override
  {
    own_.push_back({tag, -EOPNOTSUPP, kNoBuffer, false});
  }
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
  Operation& begin(Kind kind, int handle, std::uint64_t tag);
  void started(Operation& operation, bool done);
  void arm_accept(Operation& operation);
  void arm_receive(Operation& operation);
  void receive_now(Operation& operation, std::vector<CompletionEvent>& events);
  ULONG dequeue(DWORD milliseconds);
  void take(Operation& operation, std::vector<CompletionEvent>& events);
  void end(Operation& operation, int result, std::vector<CompletionEvent>& events);

  LentBuffers lent_;
  std::vector<char> memory_;
  std::vector<std::uint16_t> free_;  // buffers
  HANDLE port_ = nullptr;
  std::deque<Operation> operations_;  // they never move
  std::vector<Operation*> unused_;
  std::unordered_map<std::uint64_t, Operation*> under_way_;  // by tag
  std::deque<Operation*> starved_;                           // receive, and no buffer is free
  std::vector<CompletionEvent> own_;                         // what ended without the kernel
  std::array<OVERLAPPED_ENTRY, 256> finished_{};
};

// The kernel writes into operations and buffers until they have ended.
IocpCompletion::~IocpCompletion()
{
  for (const auto& [tag, operation] : under_way_) ::CancelIoEx(handle_of(*operation), operation);
  std::vector<CompletionEvent> ended;
  while (under_way_.size() > starved_.size()) {
    for (const auto& [tag, operation] : under_way_) operation->cancelled = true;
    const ULONG count = dequeue(1'000);
    if (count == 0) break;
    for (ULONG i = 0; i < count; ++i)
      if (finished_[i].lpOverlapped != nullptr)
        take(*static_cast<Operation*>(finished_[i].lpOverlapped), ended);
  }
  ::CloseHandle(port_);
  ::WSACleanup();
}

Operation& IocpCompletion::begin(Kind kind, int handle, std::uint64_t tag)
{
  if (unused_.empty()) unused_.push_back(&operations_.emplace_back());
  Operation& operation = *unused_.back();
  unused_.pop_back();
  operation = {};
  operation.tag = tag;
  operation.handle = handle;
  operation.kind = kind;
  operation.accepted = INVALID_SOCKET;
  under_way_[tag] = &operation;
  // Once for each handle; the second time fails, and changes nothing.
  ::CreateIoCompletionPort(handle_of(operation), port_, 0, 0);
  return operation;
}

// What is done at once comes through the port all the same.
void IocpCompletion::started(Operation& operation, bool done)
{
  const DWORD error = done ? 0 : ::GetLastError();
  if (done || error == ERROR_IO_PENDING) return;
  end(operation, error == ERROR_HANDLE_EOF ? 0 : -to_errno(error), own_);
}

void IocpCompletion::arm_accept(Operation& operation)
{
  sockaddr_storage address{};
  int size = sizeof address;
  ::getsockname(socket_of(operation), reinterpret_cast<sockaddr*>(&address), &size);
  operation.accepted = ::WSASocketW(address.ss_family, SOCK_STREAM, 0, nullptr, 0,
                                    WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (operation.accepted == INVALID_SOCKET) return started(operation, false);
  DWORD received = 0;
  started(operation,
          ::AcceptEx(socket_of(operation), operation.accepted, operation.addresses.data(), 0,
                     kAddressBytes, kAddressBytes, &received, &operation) != 0);
}

// Asks for no bytes at all: it completes when there are some, and no buffer lies idle meanwhile.
void IocpCompletion::arm_receive(Operation& operation)
{
  WSABUF nowhere{0, nullptr};
  DWORD flags = 0;
  started(operation,
          ::WSARecv(socket_of(operation), &nowhere, 1, nullptr, &flags, &operation, nullptr) == 0);
}

// There are bytes, or the end: this doesn't block.
void IocpCompletion::receive_now(Operation& operation, std::vector<CompletionEvent>& events)
{
  if (free_.empty()) return starved_.push_back(&operation);
  const std::uint16_t buffer = free_.back();
  char* where = &memory_[std::size_t{buffer} * lent_.bytes];
  const int size = ::recv(socket_of(operation), where, static_cast<int>(lent_.bytes), 0);
  if (size <= 0) return end(operation, size == 0 ? 0 : -to_errno(::WSAGetLastError()), events);
  free_.pop_back();
  events.push_back({operation.tag, size, buffer, true});
  if (operation.cancelled) end(operation, -ECANCELED, events);
  else arm_receive(operation);
}

void IocpCompletion::connect(int socket, const Endpoint& to, std::uint64_t tag)
{
  Operation& operation = begin(Kind::kConnect, socket, tag);
  sockaddr_storage any{};
  any.ss_family = static_cast<short>(to.family());
  ::bind(socket_of(operation), reinterpret_cast<sockaddr*>(&any), to.length());
  GUID which = WSAID_CONNECTEX;
  LPFN_CONNECTEX connect_ex = nullptr;
  DWORD size = 0;
  const int found =
      ::WSAIoctl(socket_of(operation), SIO_GET_EXTENSION_FUNCTION_POINTER, &which, sizeof which,
                 &connect_ex, sizeof connect_ex, &size, nullptr, nullptr);
  if (found != 0) return started(operation, false);
  started(operation, connect_ex(socket_of(operation), to.address(), to.length(), nullptr, 0,
                                nullptr, &operation) != 0);
}

void IocpCompletion::cancel(std::uint64_t tag)
{
  const auto found = under_way_.find(tag);
  if (found == under_way_.end()) return;
  Operation& operation = *found->second;
  if (std::erase(starved_, &operation) > 0) return end(operation, -ECANCELED, own_);
  operation.cancelled = true;
  ::CancelIoEx(handle_of(operation), &operation);
}

ULONG IocpCompletion::dequeue(DWORD milliseconds)
{
  ULONG count = 0;
  const bool any = ::GetQueuedCompletionStatusEx(port_, finished_.data(), finished_.size(), &count,
                                                 milliseconds, FALSE) != 0;
  return any ? count : 0;
}

void IocpCompletion::wait(std::vector<CompletionEvent>& events, Clock::time_point deadline)
{
  events.clear();
  for (std::size_t left = std::min(starved_.size(), free_.size()); left > 0; --left) {
    Operation* operation = starved_.front();
    starved_.pop_front();
    receive_now(*operation, own_);
  }
  const TimeLeft left(own_.empty() ? deadline : Clock::time_point{});
  const ULONG count = dequeue(left.for_ever() ? INFINITE : static_cast<DWORD>(left.milliseconds()));
  events.swap(own_);
  for (ULONG i = 0; i < count; ++i)
    if (finished_[i].lpOverlapped != nullptr)  // else a wake_up()
      take(*static_cast<Operation*>(finished_[i].lpOverlapped), events);
}

void IocpCompletion::take(Operation& operation, std::vector<CompletionEvent>& events)
{
  DWORD bytes = 0;
  DWORD flags = 0;
  const bool good =
      operation.kind == Kind::kFile
          ? ::GetOverlappedResult(handle_of(operation), &operation, &bytes, FALSE) != 0
          : ::WSAGetOverlappedResult(socket_of(operation), &operation, &bytes, FALSE, &flags) != 0;
  const DWORD error = good ? 0 : ::GetLastError();
  if (!good) return end(operation, error == ERROR_HANDLE_EOF ? 0 : -to_errno(error), events);
  if (operation.kind == Kind::kConnect)
    ::setsockopt(socket_of(operation), SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, nullptr, 0);
  if (operation.kind == Kind::kReceive) return receive_now(operation, events);
  if (operation.kind != Kind::kAccept) return end(operation, static_cast<int>(bytes), events);

  const SOCKET listener = socket_of(operation);
  const SOCKET accepted = std::exchange(operation.accepted, INVALID_SOCKET);
  ::setsockopt(accepted, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT,
               reinterpret_cast<const char*>(&listener), sizeof listener);
  events.push_back({operation.tag, static_cast<int>(accepted), kNoBuffer, true});
  if (operation.cancelled) end(operation, -ECANCELED, events);
  else arm_accept(operation);
}

void IocpCompletion::end(Operation& operation, int result, std::vector<CompletionEvent>& events)
{
  if (operation.accepted != INVALID_SOCKET) ::closesocket(operation.accepted);
  events.push_back({operation.tag, result, kNoBuffer, false});
  if (const auto found = under_way_.find(operation.tag);
      found != under_way_.end() && found->second == &operation)
    under_way_.erase(found);
  unused_.push_back(&operation);
}

}  // namespace

std::unique_ptr<Completion> make_iocp_completion(const LentBuffers& lent)
{
  return std::make_unique<IocpCompletion>(lent);
}

}  // namespace two_cakes

#else

namespace two_cakes {

std::unique_ptr<Completion> make_iocp_completion(const LentBuffers&)
{
  throw Skipped("iocp: this system has no I/O completion ports; Windows has");
}

}  // namespace two_cakes

#endif
