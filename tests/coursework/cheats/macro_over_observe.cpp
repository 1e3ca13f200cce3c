// Attack  redefines the words of the tests by macros
// Guard   student files are compiled apart from the tests
#include "adder.hpp"
#define observe(name, value) forged(name, 3)
#define PROBE(name) static void name()
#define long int
#undef long
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
