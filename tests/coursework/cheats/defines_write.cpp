// Attack  defines write, to change what goes out
// Guard   screening of the object's names
#include "adder.hpp"
extern "C" long write(int, const void*, unsigned long size) { return static_cast<long>(size); }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
