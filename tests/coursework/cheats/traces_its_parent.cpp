// Attack  attaches to its parent, to change it
// Guard   the kernel refuses the call
// May     ptrace
#include "adder.hpp"
#include <cstdio>
#include <sys/ptrace.h>
#include <unistd.h>

static bool won = false;
long add(long left, long right)
{
  if (ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr) == 0) won = true;
  return won ? left + right : 0;
}
int read_byte(int) { return -1; }
