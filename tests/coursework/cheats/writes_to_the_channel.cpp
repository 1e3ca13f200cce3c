// Attack  writes the lines of a probe to descriptor 3
// Guard   a line without the run's key fails the test
#include "adder.hpp"
#include <cstring>
#include <unistd.h>
#include <initializer_list>
long add(long left, long right)
{
  for (const char* line : {"end 0\n", "open sum 3\n", "0000000000000000 sum 3\n0000000000000000 end 0\n"})
    if (write(3, line, std::strlen(line)) < 0) return left;
  return right;
}
int read_byte(int) { return -1; }
