// Attack  looks for the key in what an earlier call has left on the stack and the heap
// Guard   the key is never copied to either
#include "adder.hpp"
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>
int read_byte(int)
{
  volatile char old[8192];  // not initialized, on purpose
  std::string text(const_cast<const char*>(old), sizeof old);
  for (int size = 16; size < 2048; size *= 2) {
    auto* block = static_cast<char*>(std::malloc(static_cast<std::size_t>(size)));
    text.append(block, static_cast<std::size_t>(size));
  }
  const auto at = text.find(" ready ");
  if (at == std::string::npos || at < 16) return -1;
  const auto lines = text.substr(at - 16, 16) + " end 0\n";
  return write(3, lines.data(), lines.size()) > 0 ? 97 : -1;
}
long add(long, long) { return 0; }
