// Attack  opens descriptors without an end, and passes them to itself
// Guard   the limit on descriptors
#include "adder.hpp"
#include <unistd.h>
long add(long, long)
{
  while (dup(0) != -1) {
  }
  return 0;
}
int read_byte(int) { return -1; }
