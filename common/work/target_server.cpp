#include "work/target_server.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "os/socket.hpp"

namespace two_cakes {
namespace {

void check_listening(const Endpoint& endpoint, std::chrono::milliseconds deadline)
{
  try {
    connect_blocking(endpoint, Clock::now() + deadline);
  } catch (const SyscallError& error) {
    throw UsageError(
        fmt::format("--target: {}; start a server there, or leave --target away", error.what()));
  }
}

}  // namespace

TargetServer::TargetServer(const std::string& address, std::chrono::milliseconds deadline)
{
  target_.deadline = deadline;
  if (address.empty()) {
    slow_server_.emplace();
    target_.endpoint = slow_server_->endpoint();
    return;
  }
  target_.endpoint = Endpoint::parse(address);
  target_.sends_token_back = false;
  check_listening(target_.endpoint, deadline);
}

}  // namespace two_cakes
