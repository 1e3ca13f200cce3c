// Attack  defines the wrapper by which the tests make a call fail
// Guard   screening
#include "adder.hpp"
extern "C" long __real_read(int, void*, unsigned long);
extern "C" long __wrap_read(int fd, void* to, unsigned long size) { return __real_read(fd, to, size); }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
