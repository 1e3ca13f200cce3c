// Attack  answers for the sanitizer's options
// Guard   screening
#include "adder.hpp"
extern "C" const char* __asan_default_options() { return "detect_leaks=0:exitcode=0"; }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
