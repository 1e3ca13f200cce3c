// Attack  runs after main by an attribute in the standard's brackets, as digraphs
// Guard   screening
#include "adder.hpp"
<:<: gnu::__destructor__ :>:> static void late() {}
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
