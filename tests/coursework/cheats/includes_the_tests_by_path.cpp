// Attack  includes the hidden tests by their path, if they are there
// Guard   the tests aren't there when a submission is compiled
#include "adder.hpp"
#if __has_include("/tests/probes.cpp")
#include "/tests/probes.cpp"
#endif
#if __has_include("@LAB@/probes.cpp")
#include "@LAB@/probes.cpp"
#endif
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
