#include "client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace two_cakes::slow_server_check {

namespace {

int check_syscall(const char* call, ssize_t result)
{
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return static_cast<int>(result);
}

}  // namespace

Client::Client(std::uint16_t port)
    : descriptor_(
          check_syscall("socket", socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)))
{
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int result = connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  if (result != 0 && errno != EINPROGRESS) {
    const auto error = errno;
    close(descriptor_);
    throw std::system_error(error, std::generic_category(), fmt::format("connect to {}", port));
  }
}

Client::~Client() { hang_up(); }

void Client::hang_up()
{
  if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
}

Client::Client(Client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      wanted_body_(std::move(other.wanted_body_)),
      received_(std::move(other.received_)),
      asked_delay_(other.asked_delay_),
      asked_at_(other.asked_at_),
      answered_at_(other.answered_at_)
{
}

void Client::ask(std::chrono::nanoseconds delay, std::uint64_t token)
{
  const std::chrono::duration<double, std::milli> delay_ms = delay;
  const auto request = fmt::format("GET /?delay_ms={:.6f}&token={} HTTP/1.1\r\nHost: check\r\n\r\n",
                                   delay_ms.count(), token);
  wanted_body_ = std::to_string(token);
  received_.clear();
  asked_delay_ = delay;
  asked_at_ = Clock::now();
  check_syscall("send", send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL));
}

bool Client::take_answer()
{
  std::array<char, 1024> buffer;
  const auto count = recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count < 0 && errno == EAGAIN) return false;
  if (count == 0) throw std::runtime_error("the server closed a connection");
  check_syscall("recv", count);
  answered_at_ = Clock::now();
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  const auto head_end = received_.find("\r\n\r\n");
  if (head_end == std::string::npos) return false;
  const auto body = received_.substr(head_end + 4);
  if (body.size() < wanted_body_.size()) return false;
  if (!received_.starts_with("HTTP/1.1 200 ") || body != wanted_body_) {
    throw std::runtime_error(
        fmt::format("wrong answer: wanted '{}', got '{}'", wanted_body_, received_));
  }
  return true;
}

double Client::lateness_ms() const
{
  const std::chrono::duration<double, std::milli> late = answered_at_ - asked_at_ - asked_delay_;
  return late.count();
}

}  // namespace two_cakes::slow_server_check
