// Attack  copies the hidden tests into its program
// Guard   screening; the tests aren't there
#include "adder.hpp"
asm(".incbin \"/tests/probes.cpp\"");
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
