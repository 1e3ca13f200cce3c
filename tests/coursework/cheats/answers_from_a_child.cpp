// Attack  forks a child that answers for it, and leaves
// Guard   a line without the run's key fails the test
// May     _exit
#include "adder.hpp"
#include <cstring>
#include <unistd.h>
#include <initializer_list>
long add(long, long)
{
  if (fork() == 0) {
    for (const char* line : {"sum 3\n", "end 0\n"})
      if (write(3, line, std::strlen(line)) < 0) break;
    _exit(0);
  }
  _exit(0);
}
int read_byte(int) { return -1; }
