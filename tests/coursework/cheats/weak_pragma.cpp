// Attack  lets its function be known by another name, by a pragma
// Guard   screening
#include "adder.hpp"
extern "C" long forged(int, const void*, unsigned long size) { return static_cast<long>(size); }
#pragma weak write = forged
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
