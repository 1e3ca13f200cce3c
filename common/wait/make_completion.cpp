#include <fmt/format.h>

#include "base/errors.hpp"
#include "wait/completion.hpp"

namespace two_cakes {

std::unique_ptr<Completion> make_completion(std::string_view name, const LentBuffers& lent)
{
  if (name == "io_uring") return make_uring_completion(lent);
  if (name == "iocp") return make_iocp_completion(lent);
  throw UsageError(fmt::format("no completion '{}'; give one of: io_uring, iocp", name));
}

const std::vector<std::string>& completion_names()
{
  static const std::vector<std::string> names{"io_uring", "iocp"};
  return names;
}

std::string why_no_completion(std::string_view name)
{
  try {
    make_completion(name);
    return {};
  } catch (const Skipped& reason) {
    return reason.what();
  }
}

}  // namespace two_cakes
