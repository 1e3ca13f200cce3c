// process_pool: a process that was born once. Question and answer travel as bytes.
#include "tasks/process_pool.hpp"

#include <memory>
#include <stdexcept>

#include "models.hpp"

namespace two_cakes {

Ask ask_process_pool()
{
  const auto pool = std::make_shared<ProcessPool>(1, [](std::string_view job) {
    return std::to_string(answer_to(std::stoi(std::string(job))));
  });
  return [pool](int question) {
    const ProcessResult result = pool->map({std::to_string(question)}).front();
    if (!result.good()) throw std::runtime_error(result.problem);
    return std::stoi(result.bytes);
  };
}

}  // namespace two_cakes
