// threads: listing 1.8. Each thread blocks for itself, and both wait at the same time.
#include <exception>
#include <thread>
#include <vector>

#include "models.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {

void run_threads(const TwoRequests& requests)
{
  std::array<std::exception_ptr, 2> problems;
  {
    std::vector<std::jthread> threads;  // joined at the end of the scope
    for (std::size_t i = 0; i < requests.jobs.size(); ++i)
      threads.push_back(start_thread([&, i] {
        try {
          wait_blocking(requests.jobs[i], requests.target);
        } catch (...) {
          problems[i] = std::current_exception();
        }
      }));
  }
  for (const std::exception_ptr& problem : problems)
    if (problem) std::rethrow_exception(problem);
}

}  // namespace two_cakes
