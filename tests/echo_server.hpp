// An echo server for tests: a blocking thread for each client, and a hand on what it sends back.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "loopback.hpp"

namespace two_cakes::testing {

/// Sends back what `answer` makes of what was received; an empty answer closes the connection.
/// Ends, with its threads, when the object does.
class EchoServer {
 public:
  using Answer = std::function<std::string(std::string)>;

  explicit EchoServer(Answer answer = [](std::string text) { return text; })
      : answer_(std::move(answer)),
        listener_(listen_on(Endpoint::loopback_v4(0)))
  {
    acceptor_ = std::jthread([this] { accept_all(); });
  }
  ~EchoServer()
  {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    for (const UniqueFd& client : clients_) ::shutdown(client.get(), SHUT_RDWR);
    threads_.clear();
  }

  [[nodiscard]] Endpoint endpoint() const { return endpoint_; }
  [[nodiscard]] std::size_t accepted() const { return clients_.size(); }

 private:
  void accept_all()
  {
    for (;;) {
      const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (fd == -1) return;
      clients_.emplace_back(fd);
      threads_.emplace_back([this, fd] { serve(fd); });
    }
  }

  void serve(int fd) const
  {
    char buffer[4096];
    for (;;) {
      const ssize_t count = ::recv(fd, buffer, sizeof buffer, 0);
      if (count <= 0) return;
      const std::string text = answer_(std::string(buffer, static_cast<std::size_t>(count)));
      if (text.empty()) return static_cast<void>(::shutdown(fd, SHUT_RDWR));
      if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == -1) return;
    }
  }

  Answer answer_;
  UniqueFd listener_;
  Endpoint endpoint_ = local_endpoint(listener_);
  std::vector<UniqueFd> clients_;
  std::vector<std::jthread> threads_;
  std::jthread acceptor_;
};

}  // namespace two_cakes::testing
