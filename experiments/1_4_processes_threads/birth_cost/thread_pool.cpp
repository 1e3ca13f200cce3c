// thread_pool: a thread that was born once. What is left to pay is waking it and being woken.
#include "tasks/thread_pool.hpp"

#include <memory>

#include "models.hpp"

namespace two_cakes {

Ask ask_thread_pool()
{
  const auto pool = std::make_shared<ThreadPool>(1);
  return [pool](int question) {
    return pool->submit([question] { return answer_to(question); }).get();
  };
}

}  // namespace two_cakes
