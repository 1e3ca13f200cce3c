// shared_memory: a ring of bytes that both processes see. The kernel is called only by who must
// wait (the ring is empty, or full), and by who must wake such a one. futex(2); Drepper, "Futexes
// Are Tricky"
#include <fmt/format.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <new>
#include <stdexcept>
#include <string>

#include "base/errors.hpp"
#include "models.hpp"
#include "os/limits.hpp"

namespace two_cakes {
namespace {

constexpr time_t kPatienceSeconds = 10;

using Word = std::atomic<std::uint32_t>;

/// A number that one side raises and the other waits for. Each on a cache line of its own, or the
/// two sides would take the line from each other.
struct alignas(64) Progress {
  Word bytes{0};  // so far, modulo 2^32
  Word waiting{0};

  void raise(std::uint32_t by)
  {
    bytes.store(bytes.load(std::memory_order_relaxed) + by);
    if (waiting.load() != 0 && waiting.exchange(0) != 0)
      ::syscall(SYS_futex, &waiting, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  }

  /// Returns once it may no longer be `seen`. No wake-up is lost: who raises after our second look
  /// finds `waiting` set, and the kernel lets nobody sleep who finds it unset.
  void wait_while(std::uint32_t seen)
  {
    waiting.store(1);
    if (bytes.load() != seen) return;
    const timespec patience{.tv_sec = kPatienceSeconds, .tv_nsec = 0};
    const long result = ::syscall(SYS_futex, &waiting, FUTEX_WAIT, 1, &patience, nullptr, 0);
    if (result == -1 && errno == ETIMEDOUT && bytes.load() == seen)
      throw std::runtime_error(fmt::format("the other side was silent for {} s", kPatienceSeconds));
  }
};

/// Lies in shared memory. One side writes, the other reads.
struct Ring {
  Progress written;
  Progress read;
  char bytes[kRoomBytes];

  void write(std::span<const char> message)
  {
    while (!message.empty()) {
      const std::uint32_t at = written.bytes.load(std::memory_order_relaxed);
      const std::uint32_t done = read.bytes.load();
      const std::size_t room = kRoomBytes - (at - done);
      if (room == 0) read.wait_while(done);
      const std::size_t place = at % kRoomBytes;
      const std::size_t count = std::min({room, message.size(), kRoomBytes - place});
      std::memcpy(bytes + place, message.data(), count);
      message = message.subspan(count);
      if (count > 0) written.raise(static_cast<std::uint32_t>(count));
    }
  }

  void read_exactly(std::span<char> message)
  {
    while (!message.empty()) {
      const std::uint32_t at = read.bytes.load(std::memory_order_relaxed);
      const std::uint32_t end = written.bytes.load();
      if (end == at) written.wait_while(end);
      const std::size_t place = at % kRoomBytes;
      const std::size_t count =
          std::min<std::size_t>({end - at, message.size(), kRoomBytes - place});
      std::memcpy(message.data(), bytes + place, count);
      message = message.subspan(count);
      if (count > 0) read.raise(static_cast<std::uint32_t>(count));
    }
  }
};

struct Rings {
  Ring there;
  Ring back;
};

std::shared_ptr<Rings> map_rings()
{
  void* memory = ::mmap(nullptr, sizeof(Rings), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  const int error = errno;
  if (memory == MAP_FAILED) throw SyscallError(error, "mmap", limit_behind(error));
  return {::new (memory) Rings, [](Rings* rings) { ::munmap(rings, sizeof(Rings)); }};
}

class RingChannel : public Channel {
 public:
  RingChannel(std::shared_ptr<Rings> rings, Ring& in, Ring& out, std::size_t message_bytes)
      : rings_(std::move(rings)),
        in_(in),
        out_(out),
        message_(message_bytes, '\0')
  {
  }
  void send(std::span<const char> message) override { out_.write(message); }
  std::span<const char> receive() override
  {
    in_.read_exactly(message_);
    return message_;
  }

 private:
  std::shared_ptr<Rings> rings_;
  Ring& in_;
  Ring& out_;
  std::string message_;
};

}  // namespace

Link link_by_shared_memory(std::size_t message_bytes)
{
  const auto rings = map_rings();
  return {std::make_unique<RingChannel>(rings, rings->back, rings->there, message_bytes),
          std::make_unique<RingChannel>(rings, rings->there, rings->back, message_bytes)};
}

}  // namespace two_cakes
