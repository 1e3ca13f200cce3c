// posix_spawn: the library's call for fork and exec in one. glibc makes the child with CLONE_VM and
// CLONE_VFORK, that is as vfork() does, but on a stack of its own: safe, and as cheap.
// posix_spawn(3)
#include <spawn.h>
#include <unistd.h>

#include <cerrno>

#include "models.hpp"
#include "newborn_program.hpp"

namespace two_cakes {

Ask ask_posix_spawn()
{
  return [program = NewbornProgram()](int question) {
    const Arguments arguments = program.arguments(question);
    posix_spawnattr_t own_group;
    ::posix_spawnattr_init(&own_group);
    ::posix_spawnattr_setflags(&own_group, POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    // It returns the error instead of setting errno.
    errno =
        ::posix_spawn(&pid, arguments.path(), nullptr, &own_group, arguments.pointers(), environ);
    if (errno != 0) pid = -1;
    ::posix_spawnattr_destroy(&own_group);
    return reap_answer("posix_spawn", pid);
  };
}

}  // namespace two_cakes
