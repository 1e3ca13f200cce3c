// Attack  makes the compiler write a file without an end
// Guard   the compiler runs within limits too
// Ends    does not compile
#include "adder.hpp"
char block[8ul << 30] = {1};
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
