// Attack  computes without an end, in several processes
// Guard   the limit on CPU time
#include "adder.hpp"
#include <unistd.h>
long add(long, long)
{
  fork();
  fork();
  for (volatile long n = 0;; n = n + 1) {
  }
}
int read_byte(int) { return -1; }
