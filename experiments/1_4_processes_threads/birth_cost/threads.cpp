// threads: a thread for each question. It needs a stack and a place in the scheduler's list, and
// shares all else, so that the parent's size is no matter.
#include <system_error>
#include <thread>

#include "base/errors.hpp"
#include "models.hpp"
#include "os/limits.hpp"

namespace two_cakes {

Ask ask_threads()
{
  return [](int question) {
    int answer = 0;
    try {
      std::thread newborn([&] { answer = answer_to(question); });
      newborn.join();
    } catch (const std::system_error& error) {
      const int number = error.code().value();
      throw SyscallError(number, "start a thread", limit_behind(number));
    }
    return answer;
  };
}

}  // namespace two_cakes
