// An echo server: what a client sends, it gets back. One thread serves them all.
// This file is given: the tests are built with the original, so there is nothing to gain by
// changing it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

/// Listens on 127.0.0.1. One thread, and no call that waits for one client: there is one place
/// where the server sleeps, and there it waits for all of them.
class EchoServer {
 public:
  /// A client that sends and doesn't read makes the server keep what can't be sent back yet: never
  /// more than this. Who has so much waiting for him is not read from, until he has taken some.
  static constexpr std::size_t kMostKeptBytes = 64 * 1024;

  /// Listens at a port that is free, with as long a queue as the system allows (SOMAXCONN). Throws
  /// std::system_error that names the call.
  EchoServer();

  /// Closes every descriptor, the clients' too.
  ~EchoServer();

  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  /// Where it listens. From the moment that the constructor is through, clients may connect.
  [[nodiscard]] std::uint16_t port() const;

  /// Serves all clients, until there is something to read on the descriptor `stop`; it is not read
  /// here, and it belongs to the caller. What concerns one client ends at most that client:
  /// - the end of its sending: it gets the rest of its bytes, and then its socket is closed;
  /// - a connection that is broken (ECONNRESET, EPIPE): its socket is closed. No signal;
  /// - accept() that finds no free descriptor (EMFILE, ENFILE): who waits in the queue goes on
  ///   waiting there, those who are in are served, and the server tries again when a client has
  ///   gone, or when nothing has happened for 100 ms. It doesn't spin meanwhile;
  /// - a signal whose handler has run (EINTR): goes on;
  /// - EAGAIN, even where epoll has just said otherwise: another turn, when epoll says so again.
  /// Throws std::system_error where the waiting itself fails.
  void serve(int stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};
