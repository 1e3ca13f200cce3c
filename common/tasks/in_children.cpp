#include "tasks/in_children.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "os/child.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

std::vector<std::string> run_in_children(int count, const std::function<std::string(int)>& work)
{
  std::vector<Child> children;
  std::vector<UniqueFd> answers;
  for (int i = 0; i < count; ++i) {
    Pipe pipe = make_pipe();
    children.push_back(Child::fork([&] {
      write_all(pipe.write_end, work(i));
      return 0;
    }));
    answers.push_back(std::move(pipe.read_end));
  }
  std::vector<std::string> results;
  for (std::size_t i = 0; i < children.size(); ++i) {
    results.push_back(read_to_end(answers[i]));
    const ExitStatus status = children[i].wait();
    if (!status.good())
      throw std::runtime_error(fmt::format("child {} was lost: {}", i, status.to_string()));
  }
  return results;
}

}  // namespace two_cakes
