// Attack  has a main() that is content with everything
// Guard   screening of the object's names
#include "adder.hpp"
int main() { return 0; }
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
