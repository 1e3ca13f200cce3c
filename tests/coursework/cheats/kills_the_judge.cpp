// Attack  sends signals to everyone it can reach
// Guard   it reaches nobody outside its processes
#include "adder.hpp"
#include <csignal>
#include <unistd.h>
#include <initializer_list>
long add(long, long)
{
  for (int number : {SIGTERM, SIGINT, SIGSTOP, SIGKILL}) {
    kill(getppid(), number);
    kill(1, number);
    kill(0, SIGCONT);
    kill(-1, number);
  }
  return 0;
}
int read_byte(int) { return -1; }
