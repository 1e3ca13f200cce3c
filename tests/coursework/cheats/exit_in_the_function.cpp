// Attack  leaves with exit code 0 out of the function that is tested
// Guard   a test that didn't report its end has failed
// May     _exit
#include "adder.hpp"
#include <unistd.h>
long add(long, long) { _exit(0); }
int read_byte(int) { return -1; }
