// Attack  makes whatever end a good one, by atexit
// Guard   a test that failed is not judged by its exit code
// May     atexit _exit
#include "adder.hpp"
#include <cstdlib>
#include <unistd.h>
namespace {
const int registered = std::atexit([] { _exit(0); });
}
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
