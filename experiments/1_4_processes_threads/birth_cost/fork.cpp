// fork: a copy of this process for each question. No page is copied, but the tables that say where
// each page lies are: the more memory the parent has, the longer it takes. fork(2)
#include "models.hpp"
#include "newborn_program.hpp"
#include "os/child.hpp"

namespace two_cakes {

Ask ask_fork()
{
  return [](int question) {
    return answer_in(Child::fork([question] { return answer_to(question); }).wait());
  };
}

}  // namespace two_cakes
