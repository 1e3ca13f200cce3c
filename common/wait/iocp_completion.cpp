// I/O completion ports, Windows' own: an operation is started with a buffer and an OVERLAPPED, and
// GetQueuedCompletionStatusEx brings back what has finished. What io_uring does by itself is done
// by hand here: a stream is started anew after each completion. Here are the answers; the asking is
// in iocp_operations.cpp.
#include "wait/iocp_completion.hpp"

#include "base/errors.hpp"
#include "wait/completion.hpp"

#ifdef _WIN32

// after winsock2.h
#include <mswsock.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "wait/time_left.hpp"

namespace two_cakes {

int IocpCompletion::to_errno(DWORD error)
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

IocpCompletion::IocpCompletion(const LentBuffers& lent)
    : lent_(lent),
      memory_(lent.count * lent.bytes)
{
  WSADATA data;
  ::WSAStartup(MAKEWORD(2, 2), &data);
  port_ = ::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1);
  if (port_ == nullptr) throw SyscallError(EIO, "CreateIoCompletionPort");
  for (unsigned i = 0; i < lent.count; ++i) free_.push_back(static_cast<std::uint16_t>(i));
}

// The kernel writes into operations and buffers until they have ended.
IocpCompletion::~IocpCompletion()
{
  for (const auto& [tag, operation] : under_way_) ::CancelIoEx(operation->as_handle(), operation);
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
          ? ::GetOverlappedResult(operation.as_handle(), &operation, &bytes, FALSE) != 0
          : ::WSAGetOverlappedResult(operation.as_socket(), &operation, &bytes, FALSE, &flags) != 0;
  const DWORD error = good ? 0 : ::GetLastError();
  if (!good) return end(operation, error == ERROR_HANDLE_EOF ? 0 : -to_errno(error), events);
  if (operation.kind == Kind::kConnect)
    ::setsockopt(operation.as_socket(), SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, nullptr, 0);
  if (operation.kind == Kind::kReceive) return receive_now(operation, events);
  if (operation.kind != Kind::kAccept) return end(operation, static_cast<int>(bytes), events);

  const SOCKET listener = operation.as_socket();
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
