// Attack  reads the request before the probe does, and answers it
// Guard   a line without the run's key fails the test
#include "adder.hpp"
#include <string>
#include <sys/socket.h>
#include <unistd.h>
namespace {
struct Forge {
  Forge()
  {
    char request[256] = {};
    const auto size = recv(3, request, sizeof request - 1, MSG_PEEK | MSG_DONTWAIT);
    std::string key(request, size > 0 ? static_cast<std::size_t>(size) : 0);
    key = key.substr(0, key.find_first_of(" \t\n"));
    const auto lines = key + " ready 1\n" + key + " sum 3\n" + key + " byte 97\n" + key + " byte 98\n" + key + " byte 99\n" + key + " end 0\n";
    if (write(3, lines.data(), lines.size()) > 0) pause();
  }
} forge;
}
long add(long, long) { return 0; }
int read_byte(int) { return -1; }
