// Attack  misbehaves only in the sanitized build, past a screening of the other
// Guard   each flavour is screened
#include "adder.hpp"
#include <cerrno>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
static void hidden() { asm volatile("nop"); }
#endif
int read_byte(int fd)
{
  unsigned char byte = 0;
  while (read(fd, &byte, 1) == -1 && errno == EINTR) {
  }
  return byte;
}
long add(long, long) { return 0; }
