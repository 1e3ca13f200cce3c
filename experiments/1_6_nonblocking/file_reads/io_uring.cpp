// io_uring: the kernel is told of all reads in one call, and says which are done. Completion, not
// readiness: so it doesn't matter that a file is always ready.
#include <memory>

#include "base/errors.hpp"
#include "models.hpp"
#include "wait/completion.hpp"

namespace two_cakes {

ReadAll prepare_io_uring(int)
{
  const std::shared_ptr<Completion> completion = make_completion("io_uring");
  return [completion](const UniqueFd& file, std::vector<Block>& blocks) {
    for (std::size_t i = 0; i < blocks.size(); ++i)
      completion->read_at(file.get(), blocks[i].buffer, blocks[i].offset(), i);
    std::vector<CompletionEvent> events;
    int error_number = 0;
    for (std::size_t left = blocks.size(); left > 0; left -= events.size()) {
      completion->wait(events, Clock::time_point::max());
      for (const CompletionEvent& event : events)
        if (event.result < 0) error_number = -event.result;
    }
    if (error_number != 0) throw SyscallError(error_number, "io_uring read");
  };
}

}  // namespace two_cakes
