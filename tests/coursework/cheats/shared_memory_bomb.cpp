// Attack  takes memory that no process's own figures show
// Guard   the limits on memory and disk
#include "adder.hpp"
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cstring>
long add(long, long)
{
  for (;;) {
    const int id = shmget(IPC_PRIVATE, 64 << 20, IPC_CREAT | 0600);
    void* at = id == -1 ? MAP_FAILED : shmat(id, nullptr, 0);
    if (at != MAP_FAILED && at != reinterpret_cast<void*>(-1)) std::memset(at, 1, 64 << 20);
    const int fd = memfd_create("x", 0);
    if (ftruncate(fd, 64 << 20) == -1 || id == -1) {
      at = mmap(nullptr, 16 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
      if (at != MAP_FAILED) std::memset(at, 1, 16 << 20);
    }
  }
}
int read_byte(int) { return -1; }
