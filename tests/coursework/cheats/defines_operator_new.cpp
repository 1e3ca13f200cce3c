// Attack  takes over memory, to see what the tests keep in it
// Guard   screening of the object's names
#include "adder.hpp"
#include <cstdlib>
#include <new>
void* operator new(std::size_t size) { return std::calloc(1, size); }
void operator delete(void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
