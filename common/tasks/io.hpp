// Reading, writing, accepting and connecting, written straight down: what would block suspends the
// coroutine, and the loop serves the others meanwhile.
#pragma once

#include <cerrno>
#include <coroutine>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/errors.hpp"
#include "os/endpoint.hpp"
#include "tasks/stream.hpp"
#include "tasks/task.hpp"

namespace two_cakes {

/// What reading and writing have in common: they try, wait where that would block, and try again
/// when the descriptor is ready.
class StreamWaiting : public DescriptorWaiting {
 public:
  StreamWaiting(Stream& stream, Ready direction)
      : stream_(stream),
        fd_(stream.fd()),
        direction_(direction)
  {
  }
  StreamWaiting(const StreamWaiting&) = delete;
  StreamWaiting& operator=(const StreamWaiting&) = delete;

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> caller)
  {
    return suspend(caller.promise());
  }
  void ready() final;
  void closed() final;
  void cancel(TaskFrame& waiter) final;
  [[nodiscard]] std::string describe() const final;

 protected:
  ~StreamWaiting()
  {
    if (waits_) stop();
  }
  /// Goes as far as it goes without blocking: true where all is done, or has failed.
  virtual bool attempt() = 0;
  /// Throws what ended the wait: a failed call's error, or Cancelled.
  void check() const;

  Stream& stream_;
  int error_ = 0;  // errno
  bool done_ = false;

 private:
  bool suspend(TaskFrame& waiter);
  void stop();

  int fd_;
  Ready direction_;
  bool waits_ = false;
};

/// co_await read(stream, buffer): reads what is there, at most the buffer's size, and waits until
/// there is something: a count of bytes, 0 at the end of the stream. Throws SyscallError
/// (ECONNRESET and the like; EEXIST where another coroutine reads), Cancelled. The buffer must live
/// until then; nothing is lost where the wait is cancelled.
class Read {
 public:
  Read(Stream& stream, std::span<char> buffer) : stream_(stream), buffer_(buffer) {}
  class Awaiter final : public StreamWaiting {
   public:
    Awaiter(Stream& stream, std::span<char> buffer)
        : StreamWaiting(stream, Ready::kRead),
          buffer_(buffer)
    {
    }
    bool await_ready();
    std::size_t await_resume() const;

   private:
    bool attempt() override;
    std::span<char> buffer_;
    std::size_t count_ = 0;
  };
  Awaiter operator co_await() const { return {stream_, buffer_}; }

 private:
  Stream& stream_;
  std::span<char> buffer_;
};
inline Read read(Stream& stream, std::span<char> buffer) { return {stream, buffer}; }

/// co_await readable(stream): waits until there is something to read, or the end, for try_read().
/// Of use where many wait: with read() each of them keeps a buffer meanwhile, and a thousand
/// buffers don't stay in a cache. Throws SyscallError (EEXIST where another coroutine reads),
/// Cancelled.
class Readable {
 public:
  explicit Readable(Stream& stream) : stream_(stream) {}
  class Awaiter final : public StreamWaiting {
   public:
    explicit Awaiter(Stream& stream) : StreamWaiting(stream, Ready::kRead) {}
    bool await_ready()
    {
      if (!stream_) throw SyscallError(EBADF, "read");
      done_ = stream_.loop().descriptors().may_have_input(stream_.fd());
      return done_ && stream_.loop().may_go_on();
    }
    void await_resume() const { check(); }

   private:
    bool attempt() override { return true; }
  };
  Awaiter operator co_await() const { return Awaiter(stream_); }

 private:
  Stream& stream_;
};
inline Readable readable(Stream& stream) { return Readable(stream); }

/// Reads what is there without waiting: some bytes, none at the end of the stream, nothing where a
/// read would block. They lie in a buffer of the loop's (which the kernel has chosen, over
/// io_uring) until the next try_read(), or until the caller waits. Throws SyscallError.
inline std::optional<std::string_view> try_read(Stream& stream);

/// Writes what the other side takes without waiting: a count of bytes, 0 where a write would block.
/// Throws SyscallError (EPIPE, ECONNRESET), never SIGPIPE.
inline std::size_t try_write(Stream& stream, std::string_view bytes);

/// co_await write_all(stream, bytes): writes all of it, and waits as often as the other side is
/// slow: so whoever awaits it never holds more than one message in memory. No SIGPIPE: throws
/// SyscallError (EPIPE, ECONNRESET, EEXIST where another coroutine writes), Cancelled, after which
/// some bytes may have been sent. The bytes must live until then.
class WriteAll {
 public:
  WriteAll(Stream& stream, std::string_view bytes) : stream_(stream), bytes_(bytes) {}
  class Awaiter final : public StreamWaiting {
   public:
    Awaiter(Stream& stream, std::string_view bytes)
        : StreamWaiting(stream, Ready::kWrite),
          bytes_(bytes)
    {
    }
    bool await_ready();
    void await_resume() const { check(); }

   private:
    bool attempt() override;
    std::string_view bytes_;
  };
  Awaiter operator co_await() const { return {stream_, bytes_}; }

 private:
  Stream& stream_;
  std::string_view bytes_;
};
inline WriteAll write_all(Stream& stream, std::string_view bytes) { return {stream, bytes}; }

/// Accepts one connection and waits until there is one. Where descriptors or memory run out it
/// waits 20 ms and tries again, as often as it takes: meanwhile those who are connected are served,
/// and the others wait in the backlog. Throws SyscallError for what trying again doesn't mend.
Task<Stream> accept(Stream& listener);

/// Connects to `endpoint` and waits until connected. Throws SyscallError: ECONNREFUSED, EMFILE and
/// the like.
Task<Stream> connect(Endpoint endpoint);

/// Throws what a call that failed has left in errno, unless that says that it would block.
void check_would_block(const char* call, const Stream& stream);

std::optional<std::string_view> try_read(Stream& stream)
{
  if (!stream) throw SyscallError(EBADF, "read");
  const char* bytes = nullptr;
  const ssize_t count = stream.loop().descriptors().receive(stream.fd(), bytes);
  if (count >= 0) [[likely]]
    return std::string_view(bytes, static_cast<std::size_t>(count));
  check_would_block("read", stream);
  return std::nullopt;
}

std::size_t try_write(Stream& stream, std::string_view bytes)
{
  if (!stream) throw SyscallError(EBADF, "write");
  const ssize_t count = stream.loop().descriptors().send(stream.fd(), bytes);
  if (count >= 0) [[likely]]
    return static_cast<std::size_t>(count);
  check_would_block("write", stream);
  return 0;
}

}  // namespace two_cakes
