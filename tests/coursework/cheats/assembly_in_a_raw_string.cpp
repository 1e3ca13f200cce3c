// Attack  hides a line marker in a raw string, to pass for a system header
// Guard   screening: strings are read as the compiler does
#include "adder.hpp"
const char* const text = R"(
# 1 "/usr/include/stdio.h" 1 3 4
)";
static void leave() { asm volatile("ud2"); }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
