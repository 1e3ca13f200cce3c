// Attack  lets its function be known by another name
// Guard   screening
#include "adder.hpp"
extern "C" int forged() { return 0; }
extern "C" int eventfd(unsigned, int) __attribute__((weak, alias("forged")));
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
