// Attack  takes memory without an end
// Guard   the limit on memory
#include "adder.hpp"
#include <cstring>
#include <cstdlib>
long add(long left, long)
{
  for (;;)
    if (void* block = std::malloc(16 << 20)) std::memset(block, static_cast<int>(left), 16 << 20);
}
int read_byte(int) { return -1; }
