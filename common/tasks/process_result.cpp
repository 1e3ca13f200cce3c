#include "tasks/process_result.hpp"

#include <exception>

namespace two_cakes {

ProcessResult outcome_of(const JobHandler& handler, std::string_view job)
{
  try {
    return {.bytes = handler(job), .problem = {}};
  } catch (const std::exception& error) {
    const std::string why = error.what();
    return failure(why.empty() ? "it failed without a reason" : why);
  } catch (...) {
    return failure("it threw what is no std::exception");
  }
}

}  // namespace two_cakes
