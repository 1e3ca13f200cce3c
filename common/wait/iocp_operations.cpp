// What can be asked of a completion port: each operation is started with its OVERLAPPED.
#include "wait/iocp_completion.hpp"

#ifdef _WIN32

// after winsock2.h
#include <mswsock.h>

#include <cerrno>

namespace two_cakes {

IocpOperation& IocpCompletion::begin(Kind kind, int handle, std::uint64_t tag)
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
  ::CreateIoCompletionPort(operation.as_handle(), port_, 0, 0);
  return operation;
}

// What is done at once comes through the port all the same.
void IocpCompletion::started(Operation& operation, bool done)
{
  const DWORD error = done ? 0 : ::GetLastError();
  if (done || error == ERROR_IO_PENDING) return;
  end(operation, error == ERROR_HANDLE_EOF ? 0 : -to_errno(error), own_);
}

void IocpCompletion::accept(int listener, std::uint64_t tag)
{
  arm_accept(begin(Kind::kAccept, listener, tag));
}

void IocpCompletion::receive(int socket, std::uint64_t tag)
{
  arm_receive(begin(Kind::kReceive, socket, tag));
}

void IocpCompletion::receive_into(int socket, std::span<char> buffer, std::uint64_t tag)
{
  Operation& operation = begin(Kind::kOther, socket, tag);
  WSABUF where{static_cast<ULONG>(buffer.size()), buffer.data()};
  DWORD flags = 0;
  started(operation,
          ::WSARecv(operation.as_socket(), &where, 1, nullptr, &flags, &operation, nullptr) == 0);
}

void IocpCompletion::send(int socket, std::string_view bytes, std::uint64_t tag)
{
  Operation& operation = begin(Kind::kOther, socket, tag);
  WSABUF where{static_cast<ULONG>(bytes.size()), const_cast<char*>(bytes.data())};
  started(operation,
          ::WSASend(operation.as_socket(), &where, 1, nullptr, 0, &operation, nullptr) == 0);
}

void IocpCompletion::read_at(int file, std::span<char> buffer, std::uint64_t offset,
                             std::uint64_t tag)
{
  Operation& operation = begin(Kind::kFile, file, tag);
  operation.Offset = static_cast<DWORD>(offset);
  operation.OffsetHigh = static_cast<DWORD>(offset >> 32);
  started(operation, ::ReadFile(operation.as_handle(), buffer.data(),
                                static_cast<DWORD>(buffer.size()), nullptr, &operation) != 0);
}

void IocpCompletion::await_ready(int, Ready, std::uint64_t tag)
{
  own_.push_back({tag, -EOPNOTSUPP, kNoBuffer, false});
}

void IocpCompletion::arm_accept(Operation& operation)
{
  sockaddr_storage address{};
  int size = sizeof address;
  ::getsockname(operation.as_socket(), reinterpret_cast<sockaddr*>(&address), &size);
  operation.accepted = ::WSASocketW(address.ss_family, SOCK_STREAM, 0, nullptr, 0,
                                    WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (operation.accepted == INVALID_SOCKET) return started(operation, false);
  DWORD received = 0;
  started(operation, ::AcceptEx(operation.as_socket(), operation.accepted,
                                operation.addresses.data(), 0, Operation::kAddressBytes,
                                Operation::kAddressBytes, &received, &operation) != 0);
}

// Asks for no bytes at all: it completes when there are some, and no buffer lies idle meanwhile.
void IocpCompletion::arm_receive(Operation& operation)
{
  WSABUF nowhere{0, nullptr};
  DWORD flags = 0;
  started(operation,
          ::WSARecv(operation.as_socket(), &nowhere, 1, nullptr, &flags, &operation, nullptr) == 0);
}

// There are bytes, or the end: this doesn't block.
void IocpCompletion::receive_now(Operation& operation, std::vector<CompletionEvent>& events)
{
  if (free_.empty()) return starved_.push_back(&operation);
  const std::uint16_t buffer = free_.back();
  char* where = &memory_[std::size_t{buffer} * lent_.bytes];
  const int size = ::recv(operation.as_socket(), where, static_cast<int>(lent_.bytes), 0);
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
  ::bind(operation.as_socket(), reinterpret_cast<sockaddr*>(&any), to.length());
  GUID which = WSAID_CONNECTEX;
  LPFN_CONNECTEX connect_ex = nullptr;
  DWORD size = 0;
  const int found =
      ::WSAIoctl(operation.as_socket(), SIO_GET_EXTENSION_FUNCTION_POINTER, &which, sizeof which,
                 &connect_ex, sizeof connect_ex, &size, nullptr, nullptr);
  if (found != 0) return started(operation, false);
  started(operation, connect_ex(operation.as_socket(), to.address(), to.length(), nullptr, 0,
                                nullptr, &operation) != 0);
}

void IocpCompletion::cancel(std::uint64_t tag)
{
  const auto found = under_way_.find(tag);
  if (found == under_way_.end()) return;
  Operation& operation = *found->second;
  if (std::erase(starved_, &operation) > 0) return end(operation, -ECANCELED, own_);
  operation.cancelled = true;
  ::CancelIoEx(operation.as_handle(), &operation);
}

}  // namespace two_cakes

#endif
