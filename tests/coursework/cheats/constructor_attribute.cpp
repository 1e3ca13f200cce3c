// Attack  runs before main by an attribute, which a macro pastes together
// Guard   screening, after preprocessing
#include "adder.hpp"
#define JOIN(a, b) a##b
#define EARLY __attribute__((JOIN(con, structor)))
EARLY static void early() {}
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
