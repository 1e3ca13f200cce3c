// Attack  includes the hidden tests
// Guard   the tests aren't there when a submission is compiled
// Ends    does not compile
#include "adder.hpp"
#include "../tests/probes.cpp"
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
