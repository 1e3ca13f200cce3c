// threads: two simple loops that block, each in a thread of its own.
#include <exception>
#include <thread>

#include "models.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

void run_threads(const Session& session)
{
  std::exception_ptr problem;
  {
    const std::jthread receiver = start_thread([&] {  // joined at the end of the scope
      try {
        receive_output(session);
      } catch (...) {
        problem = std::current_exception();
      }
    });
    send_input(session);
  }
  if (problem) std::rethrow_exception(problem);
}

}  // namespace two_cakes
