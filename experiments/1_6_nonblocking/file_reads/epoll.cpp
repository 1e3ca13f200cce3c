// epoll: refuses what is always ready, instead of saying so. That is the finding: the series is
// skipped with epoll's own words.
#include <cerrno>
#include <memory>

#include "base/errors.hpp"
#include "models.hpp"
#include "wait/poller.hpp"

namespace two_cakes {

ReadAll prepare_epoll(int)
{
  return [](const UniqueFd& file, std::vector<Block>&) {
    const std::unique_ptr<Poller> poller = make_epoll_poller();
    try {
      poller->add(file.get(), Ready::kRead, 1);
    } catch (const SyscallError& error) {
      if (error.code().value() != EPERM) throw;
      throw Skipped(std::string(error.what()) + " (EPERM): epoll takes no regular file");
    }
    throw WrongAnswer("epoll took a regular file");
  };
}

}  // namespace two_cakes
