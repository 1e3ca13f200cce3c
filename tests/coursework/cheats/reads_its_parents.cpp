// Attack  looks for secrets in its parent's environment, command line and memory
// Guard   it sees processes of its own only, and is told nothing
// May     /proc
#include "adder.hpp"
#include <cstdio>
#include <string>

static bool won = false;
long add(long left, long right)
{
  for (int pid = 1; pid < 4; ++pid)
    for (const char* name : {"environ", "cmdline", "mem", "maps"}) {
      const auto path = "/proc/" + std::to_string(pid) + "/" + name;
      char text[4096] = {};
      if (auto* file = std::fopen(path.c_str(), "r")) {
        const auto size = std::fread(text, 1, sizeof text - 1, file);
        std::fclose(file);
        if (std::string(text, size).find("@CANARY@") != std::string::npos) won = true;
      }
    }
  return won ? left + right : 0;
}
int read_byte(int) { return -1; }
