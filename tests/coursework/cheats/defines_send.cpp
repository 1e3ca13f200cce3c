// Attack  defines the function that the tests report by
// Guard   screening of the object's names
#include "adder.hpp"
extern "C" long send(int, const void*, unsigned long size, int) { return static_cast<long>(size); }
extern "C" long sendmsg(int, const void*, int) { return 1; }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
