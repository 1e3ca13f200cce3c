// Question       Four jobs: which of them computes, and which of them waits?
// Fixed          the jobs; each is done once in every round, in turn, by one thread.
// Varied         their sizes: drawn anew for each run, so that no two records are the same.
// Expect         that is for you to say, before you run it.
// Does not show  disks and real networks: the file is in memory, the server in this process.
//
// Prints a record as JSON: build/measure > record.json
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
constexpr int kRounds = 7;

long checked(const char* call, long result)
{
  if (result == -1) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

/// The last six of the first `count` decimal digits of pi, 3 included. Spigot after Rabinowitz and
/// Wagon, "A spigot algorithm for the digits of pi", American Mathematical Monthly 102 (1995).
std::int64_t last_digits_of_pi(std::int64_t count)
{
  std::vector<std::int64_t> remainders(static_cast<std::size_t>((count + 10) * 10 / 3 + 2), 2);
  std::string digits;
  for (std::int64_t i = 0; i < count + 10; ++i) {
    std::int64_t carry = 0;
    for (std::size_t k = remainders.size() - 1; k > 0; --k) {
      const std::int64_t value = remainders[k] * 10 + carry;
      const auto odd = static_cast<std::int64_t>(2 * k + 1);
      remainders[k] = value % odd;
      carry = value / odd * static_cast<std::int64_t>(k);
    }
    const std::int64_t value = remainders[0] * 10 + carry;
    remainders[0] = value % 10;
    if (value >= 100) {  // a ten: the digits before it were one too small
      std::size_t k = digits.size();
      while (k > 0 && digits[k - 1] == '9') digits[--k] = '0';
      if (k > 0) ++digits[k - 1];
    }
    digits.push_back(static_cast<char>('0' + value / 10 % 10));
  }
  return std::stoll(digits.substr(static_cast<std::size_t>(count) - 6, 6));
}

using Dictionary = std::unordered_map<std::string, std::int64_t>;

Dictionary dictionary_of(std::int64_t entries)
{
  Dictionary dictionary;
  for (std::int64_t i = 0; i < entries; ++i) dictionary.emplace("word-" + std::to_string(i), i);
  return dictionary;
}

std::int64_t sum_of_values(const Dictionary& dictionary)
{
  std::int64_t sum = 0;
  for (const auto& [word, value] : dictionary) sum += value;
  return sum;
}

/// Answers after as long as it is asked to; a thread of this process.
class SlowServer {
 public:
  SlowServer() : listener_(static_cast<int>(checked("socket", ::socket(AF_INET, SOCK_STREAM, 0))))
  {
    socklen_t size = sizeof address_;
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* address = reinterpret_cast<sockaddr*>(&address_);
    checked("bind", ::bind(listener_, address, sizeof address_));
    checked("listen", ::listen(listener_, 8));
    checked("getsockname", ::getsockname(listener_, address, &size));
    thread_ = std::thread([this] { serve(); });
  }
  ~SlowServer()
  {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  /// Asks it to answer after `delay_ms`; returns what it says that it waited.
  [[nodiscard]] std::int64_t request(std::int64_t delay_ms) const
  {
    const int fd = static_cast<int>(checked("socket", ::socket(AF_INET, SOCK_STREAM, 0)));
    checked("connect",
            ::connect(fd, reinterpret_cast<const sockaddr*>(&address_), sizeof address_));
    checked("send", ::send(fd, &delay_ms, sizeof delay_ms, MSG_NOSIGNAL));
    std::int64_t waited_ms = 0;
    checked("recv", ::recv(fd, &waited_ms, sizeof waited_ms, MSG_WAITALL));
    ::close(fd);
    return waited_ms;
  }

 private:
  void serve() const
  {
    for (int fd = 0; (fd = ::accept(listener_, nullptr, nullptr)) != -1; ::close(fd)) {
      std::int64_t delay_ms = 0;
      if (::recv(fd, &delay_ms, sizeof delay_ms, MSG_WAITALL) != sizeof delay_ms) continue;
      std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
      ::send(fd, &delay_ms, sizeof delay_ms, MSG_NOSIGNAL);
    }
  }

  sockaddr_in address_{};
  int listener_;
  std::thread thread_;
};

/// A file that has just been written, and so is in memory.
class File {
 public:
  explicit File(std::int64_t bytes)
  {
    char name[] = "/tmp/measure-XXXXXX";
    fd_ = static_cast<int>(checked("mkstemp", ::mkstemp(name)));
    ::unlink(name);
    std::vector<unsigned char> content(static_cast<std::size_t>(bytes));
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<unsigned char>(i * 7);
    if (checked("write", ::write(fd_, content.data(), content.size())) != bytes)
      throw std::runtime_error("/tmp is full");
  }
  ~File() { ::close(fd_); }

  /// Reads it four times; returns the sum of all bytes.
  [[nodiscard]] std::int64_t sum_of_bytes() const
  {
    std::vector<unsigned char> piece(1 << 16);
    std::int64_t sum = 0;
    for (int time = 0; time < 4; ++time) {
      checked("lseek", ::lseek(fd_, 0, SEEK_SET));
      for (long count = 0; (count = checked("read", ::read(fd_, piece.data(), piece.size()))) > 0;)
        for (long i = 0; i < count; ++i) sum += piece[static_cast<std::size_t>(i)];
    }
    return sum;
  }

 private:
  int fd_ = -1;
};

/// How long this thread has been on a core.
double cpu_ms()
{
  timespec now{};
  checked("clock_gettime", ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now));
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// How long this thread could have run, and had to wait for a core (the second number of
/// schedstat). 0 where the kernel doesn't say.
double queued_ms()
{
  std::FILE* file = std::fopen("/proc/thread-self/schedstat", "r");
  if (file == nullptr) return 0;
  unsigned long long queued_ns = 0;
  const int count = std::fscanf(file, "%*u %llu", &queued_ns);
  std::fclose(file);
  return count == 1 ? static_cast<double>(queued_ns) / 1e6 : 0;
}

struct Job {
  const char* name;
  std::int64_t size;
  std::function<std::int64_t()> run;
};

void print_round(const Job& job, int round, Clock::time_point began)
{
  const auto start = Clock::now();  // first and last: whatever happens between lies within `wall`
  const double queued_before = queued_ms();
  const double cpu_before = cpu_ms();
  const std::int64_t answer = job.run();
  const double cpu = cpu_ms() - cpu_before;
  const double queued = queued_ms() - queued_before;
  const Milliseconds wall = Clock::now() - start;
  std::printf(
      "  {\"job\": \"%s\", \"round\": %d, \"start_ms\": %.3f, \"wall_ms\": %.3f, "
      "\"cpu_ms\": %.3f, \"queued_ms\": %.3f, \"size\": %lld, \"answer\": %lld}",
      job.name, round, Milliseconds(start - began).count(), wall.count(), cpu, queued,
      static_cast<long long>(job.size), static_cast<long long>(answer));
}

void measure()
{
  std::random_device draw;
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(draw);
  };
  const std::int64_t digits = between(700, 900);
  const std::int64_t delay_ms = between(25, 45);
  const std::int64_t bytes = between(3'000'000, 4'000'000);
  const File file(bytes);
  const Dictionary dictionary = dictionary_of(between(200'000, 300'000));
  const SlowServer server;
  const Job jobs[] = {
      {"pi", digits, [&] { return last_digits_of_pi(digits); }},
      {"dictionary", static_cast<std::int64_t>(dictionary.size()),
       [&] { return sum_of_values(dictionary); }},
      {"request", delay_ms, [&] { return server.request(delay_ms); }},
      {"file", bytes, [&] { return file.sum_of_bytes(); }},
  };
  utsname system{};
  ::uname(&system);
  const auto began = Clock::now();
  std::printf("{\"system\": \"%s %s\", \"cores\": %u, \"began\": %lld, \"rounds\": [\n",
              system.sysname, system.release, std::thread::hardware_concurrency(),
              static_cast<long long>(std::time(nullptr)));
  for (int round = 0; round < kRounds; ++round)
    for (const Job& job : jobs) {
      if (round > 0 || &job != jobs) std::printf(",\n");
      print_round(job, round, began);
    }
  std::printf("\n], \"took_ms\": %.3f}\n", Milliseconds(Clock::now() - began).count());
}

}  // namespace

int main()
{
  try {
    measure();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "measure: %s\n", error.what());
    return 1;
  }
}
