// Attack  leaves with exit code 0 before main, from a global object's constructor
// Guard   a test that didn't report its end has failed
// May     exit
#include "adder.hpp"
#include <cstdlib>
namespace {
struct Leave {
  Leave() { std::exit(0); }
} leave;
}
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
