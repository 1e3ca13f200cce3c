// Attack  prints without an end
// Guard   the limit on output
#include "adder.hpp"
#include <cstdio>
long add(long, long)
{
  for (;;) std::puts("PASSED PASSED PASSED PASSED");
}
int read_byte(int) { return -1; }
