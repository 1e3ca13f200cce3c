// Attack  gives std::string another append, which the tests use too
// Guard   screening
#include "adder.hpp"
#include <string>
template <>
std::string& std::string::append(const char*)
{
  return *this;
}
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
