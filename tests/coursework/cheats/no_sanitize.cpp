// Attack  leaves its function out of the sanitizer's sight
// Guard   screening
#include "adder.hpp"
__attribute__((no_sanitize("address", "thread"))) static int past(int* at) { return at[10]; }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
