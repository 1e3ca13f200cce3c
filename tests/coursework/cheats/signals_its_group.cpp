// Attack  kills its process group and session
// Guard   it is in a session of its own
#include "adder.hpp"
#include <csignal>
#include <unistd.h>
long add(long, long) { return killpg(getpgid(0), SIGKILL); }
int read_byte(int) { return -1; }
