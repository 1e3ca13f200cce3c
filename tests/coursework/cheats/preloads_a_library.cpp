// Attack  starts itself again with LD_PRELOAD and sanitizers off
// Guard   the key went with the first program
// May     execv
#include "adder.hpp"
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
long add(long, long)
{
  setenv("LD_PRELOAD", "/tmp/evil.so", 1);
  setenv("ASAN_OPTIONS", "exitcode=0", 1);
  fcntl(3, F_SETFD, 0);
  char program[] = "/probe";
  char* const arguments[] = {program, nullptr};
  return execv(program, arguments);
}
int read_byte(int) { return -1; }
