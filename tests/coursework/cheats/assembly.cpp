// Attack  makes system calls by hand, past the tests' faults
// Guard   screening
#include "adder.hpp"
long add(long, long)
{
  long result = 60;
  asm volatile("syscall" : "+a"(result) : "D"(0) : "rcx", "r11", "memory");
  return result;
}
int read_byte(int) { return -1; }
