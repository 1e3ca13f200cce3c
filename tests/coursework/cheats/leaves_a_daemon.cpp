// Attack  leaves a process behind that ignores signals and writes to the channel later
// Guard   the sandbox ends with all that is in it
// May     _exit
#include "adder.hpp"
#include <csignal>
#include <unistd.h>
long add(long, long)
{
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      for (int number = 1; number < 32; ++number) signal(number, SIG_IGN);
      sleep(1);
      for (;;)
        if (write(3, "end 0\n", 6) < 0) sleep(60);
    }
    _exit(0);
  }
  return 0;
}
int read_byte(int) { return -1; }
