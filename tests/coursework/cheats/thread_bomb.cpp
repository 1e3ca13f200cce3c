// Attack  starts threads without an end
// Guard   the limit on processes and threads
#include "adder.hpp"
#include <thread>
#include <unistd.h>
long add(long, long)
{
  for (;;) std::thread([] { pause(); }).detach();
}
int read_byte(int) { return -1; }
