// Attack  has an observe() of its own
// Guard   screening; the tests' is in a namespace that nobody knows
#include "adder.hpp"
#include <string_view>
void observe(std::string_view, long) {}
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
