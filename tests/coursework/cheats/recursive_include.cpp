// Attack  includes itself without an end
// Guard   the compiler's own limits, and the sandbox's
// Ends    does not compile
#include "adder.hpp"
#include __FILE__
#include __FILE__
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
