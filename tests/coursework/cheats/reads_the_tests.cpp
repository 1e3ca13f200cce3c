// Attack  looks for tests and solution when it runs, and prints them
// Guard   they aren't there either
// May     /proc
#include "adder.hpp"
#include <cstdio>
#include <string>

static bool won = false;
namespace {
struct Look {
  Look()
  {
    for (const char* path : {"/tests/probes.cpp", "@LAB@/cases.py", "@LAB@/adder.cpp", "/proc/1/root@LAB@/cases.py",
                             "/proc/1/cwd/cases.py", "/build/probes.cpp", "/reference"}) {
      if (auto* file = std::fopen(path, "r")) {
        won = true;
        std::fclose(file);
      }
    }
  }
} look;
}
long add(long left, long right) { return won ? left + right : 0; }
int read_byte(int) { return -1; }
