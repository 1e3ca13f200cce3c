// fork_exec: a copy of this process, which at once becomes another program and throws the copy
// away.
#include <unistd.h>

#include "models.hpp"
#include "newborn_program.hpp"

namespace two_cakes {

Ask ask_fork_exec()
{
  return [program = NewbornProgram()](int question) {
    const Arguments arguments = program.arguments(question);
    const pid_t pid = ::fork();
    if (pid == 0) arguments.become();
    return reap_answer("fork", pid);
  };
}

}  // namespace two_cakes
