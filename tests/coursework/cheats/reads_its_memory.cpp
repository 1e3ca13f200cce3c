// Attack  reads its own memory as a file, whatever its pages allow
// Guard   screening
#include "adder.hpp"
#include <fcntl.h>
#include <unistd.h>
long add(long, long)
{
  char text[4096];
  return pread(open("/proc/self/mem", O_RDONLY), text, sizeof text, 0x10000);
}
int read_byte(int) { return -1; }
