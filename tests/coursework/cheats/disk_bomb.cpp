// Attack  fills the disk
// Guard   the limit on disk
#include "adder.hpp"
#include <fcntl.h>
#include <string>
#include <unistd.h>
long add(long, long)
{
  static char block[1 << 20];
  for (int n = 0;; ++n) {
    const int fd = open(("/tmp/" + std::to_string(n)).c_str(), O_CREAT | O_WRONLY, 0600);
    if (write(fd, block, sizeof block) <= 0) usleep(1000);
    close(fd);
  }
}
int read_byte(int) { return -1; }
