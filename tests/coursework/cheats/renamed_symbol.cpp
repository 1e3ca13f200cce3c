// Attack  calls a forbidden function under another name
// Guard   screening
#include "adder.hpp"
extern "C" void leave(int) __asm("_exit");
long add(long, long)
{
  leave(0);
  return 0;
}
int read_byte(int) { return -1; }
