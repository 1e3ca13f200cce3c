// Attack  makes namespaces of its own, to be root in them
// Guard   the kernel refuses
// May     unshare mount
#include "adder.hpp"
#include <cstdio>
#include <sched.h>
#include <sys/mount.h>

static bool won = false;
long add(long left, long right)
{
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) won = true;
  if (mount("none", "/tmp", "tmpfs", 0, nullptr) == 0) won = true;
  return won ? left + right : 0;
}
int read_byte(int) { return -1; }
