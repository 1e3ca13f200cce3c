// Attack  defines the wait that the tests delay
// Guard   screening of the object's names
#include "adder.hpp"
extern "C" int pthread_cond_wait(void*, void*) { return 0; }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
