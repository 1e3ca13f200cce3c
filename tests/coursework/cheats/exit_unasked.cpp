// Attack  calls exit where the lab doesn't allow it
// Guard   screening
#include "adder.hpp"
#include <cstdlib>
long add(long, long) { std::quick_exit(0); }
int read_byte(int) { return -1; }
