// Attack  looks for sockets that no network namespace holds
// Guard   other kinds of socket are refused
#include "adder.hpp"
#include <cstdio>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <initializer_list>

static bool won = false;
long add(long left, long right)
{
  for (int family : {16, 17, 40, 38})  // netlink, packet, vsock, alg
    for (int kind : {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET})
      if (socket(family, kind, 0) != -1) won = true;
  return won ? left + right : 0;
}
int read_byte(int) { return -1; }
