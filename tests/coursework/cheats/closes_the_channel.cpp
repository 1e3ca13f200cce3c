// Attack  closes the channel, so that no failure can be told
// Guard   a test that didn't report its end has failed
#include "adder.hpp"
#include <unistd.h>
long add(long, long) { return close(3); }
int read_byte(int) { return -1; }
