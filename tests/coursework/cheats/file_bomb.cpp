// Attack  makes a million empty files
// Guard   the limit on disk
#include "adder.hpp"
#include <fcntl.h>
#include <string>
#include <unistd.h>
long add(long, long)
{
  for (int n = 0;; ++n) close(open(("/dev/shm/" + std::to_string(n)).c_str(), O_CREAT | O_WRONLY, 0600));
}
int read_byte(int) { return -1; }
