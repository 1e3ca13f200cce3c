// Attack  never comes back
// Guard   the limit on wall time
#include "adder.hpp"
#include <unistd.h>
long add(long, long)
{
  for (;;) pause();
}
int read_byte(int) { return -1; }
