// vfork_exec: the child runs in the parent's own memory, on its stack, while the parent stands
// still; nothing is copied. All that the child may do is to become another program. vfork(2)
#include <unistd.h>

#include "models.hpp"
#include "newborn_program.hpp"

namespace two_cakes {

Ask ask_vfork_exec()
{
  return [program = NewbornProgram()](int question) {
    const Arguments arguments = program.arguments(question);
    const pid_t pid = ::vfork();
    if (pid == 0) arguments.become();
    return reap_answer("vfork", pid);
  };
}

}  // namespace two_cakes
