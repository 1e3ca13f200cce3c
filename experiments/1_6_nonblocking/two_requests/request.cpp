#include "request.hpp"

#include <cerrno>

#include "base/errors.hpp"
#include "os/socket.hpp"

namespace two_cakes {

Request::Request(const Job& job, const Target& target)
    : job_(&job),
      target_(&target),
      exchange_(request_of(job, target)),
      socket_(start_connect(target.endpoint))
{
}

void Request::step()
{
  while (wants_to_send()) {
    const auto count = write_some(socket_, exchange_.unsent());
    if (!count) return;  // would block: not yet connected, or no room
    exchange_.sent(*count);
  }
  std::array<char, 4096> buffer;
  while (!finished()) {
    const auto count = read_some(socket_, buffer);
    if (!count) return;  // would block: the server lets us wait
    exchange_.feed({buffer.data(), *count});
  }
  check_reply(exchange_, *job_, *target_);
}

int milliseconds_left(Clock::time_point deadline)
{
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if (left.count() <= 0) throw SyscallError(ETIMEDOUT, "wait", "for the answers");
  return static_cast<int>(left.count());
}

}  // namespace two_cakes
