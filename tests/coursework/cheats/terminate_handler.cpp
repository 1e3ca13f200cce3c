// Attack  turns a crash into a good end
// Guard   a test that didn't report its end has failed
// May     _exit
#include "adder.hpp"
#include <csignal>
#include <unistd.h>
namespace {
const auto set = std::signal(SIGSEGV, [](int) { _exit(0); });
}
long add(long left, long) { return *reinterpret_cast<volatile long*>(left * 0); }
int read_byte(int) { return -1; }
