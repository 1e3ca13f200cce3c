// Attack  floods the channel to the judge
// Guard   the judge stops listening, and the run ends by its time
#include "adder.hpp"
#include <sys/socket.h>
long add(long, long)
{
  static char block[1 << 16];
  for (;;) send(3, block, sizeof block, MSG_NOSIGNAL);
}
int read_byte(int) { return -1; }
