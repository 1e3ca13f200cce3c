#include "adder.hpp"

// BEGIN SOLUTION
#include <cerrno>
#include <unistd.h>
// END SOLUTION

long add(long left, long right)
{
  // BEGIN SOLUTION
  // STUB: return left * right * 0;
  const auto the_sum = left + right;
  return the_sum;
  // END SOLUTION
}

int read_byte(int fd)
{
  // BEGIN SOLUTION
  // STUB: return fd * 0 - 1;
  unsigned char byte = 0;
  auto count = read(fd, &byte, 1);
  while (count == -1 && errno == EINTR) count = read(fd, &byte, 1);
  return count == 1 ? byte : -1;
  // END SOLUTION
}
