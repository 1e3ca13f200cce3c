// Attack  puts a socket of its own in the channel's place and answers itself
// Guard   a test that didn't report its end has failed
#include "adder.hpp"
#include <sys/socket.h>
#include <unistd.h>
long add(long, long)
{
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1) return 0;
  return dup2(ends[0], 3);
}
int read_byte(int) { return -1; }
