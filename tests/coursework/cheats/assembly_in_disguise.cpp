// Attack  passes its assembly code off as a system header's, by #line
// Guard   screening of the directives
#include "adder.hpp"
/**/ #/**/line 1 "/usr/include/stdio.h"
static void leave() { asm volatile("ud2"); }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
