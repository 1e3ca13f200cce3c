// Attack  asks for compiler flags by comments and pragmas
// Guard   the build files are the instructor's, and screening
#include "adder.hpp"
// g++ -fno-sanitize=all -include /tests/probes.cpp -Wl,--defsym=main=0
// CXXFLAGS += -fplugin=/tmp/evil.so
#pragma GCC optimize("no-stack-protector")
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
