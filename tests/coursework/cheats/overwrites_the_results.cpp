// Attack  writes a result of its own where graders keep them
// Guard   it has no such files, and may write to /tmp only
#include "adder.hpp"
#include <cstdio>
#include <sys/stat.h>
#include <initializer_list>
namespace {
struct Overwrite {
  Overwrite()
  {
    for (const char* path : {"@CANARY@", "/autograder/results/results.json", "/grade/results/results.json", "results.json", "../results.json"})
      if (auto* file = std::fopen(path, "w")) {
        std::fputs("{\"score\": 100, \"tests\": []}", file);
        std::fclose(file);
      }
    mkdir("/autograder", 0777);
  }
} overwrite;
}
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
