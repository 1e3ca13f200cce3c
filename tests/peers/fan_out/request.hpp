// What every fan-out client asks for, and how it knows that it has been answered.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace peers {

/// The server answers so many milliseconds later, and hangs up.
inline constexpr std::string_view kRequest =
    "GET /?delay_ms=20&token=fan-out HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

inline constexpr std::size_t kAnswerBytes = 1024;  // more than any answer has

/// PROGRAM PORT COUNT: the address, and how many requests are made at once.
struct Arguments {
  sockaddr_in server{};
  int count = 0;
};

inline Arguments read_arguments(int argc, char** argv)
{
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s PORT COUNT\n", argv[0]);
    std::exit(2);
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  Arguments arguments;
  arguments.server.sin_family = AF_INET;
  arguments.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  arguments.server.sin_port = htons(static_cast<unsigned short>(std::atoi(argv[1])));
  arguments.count = std::atoi(argv[2]);
  return arguments;
}

/// Counts whole answers from the start of all to the end of the last.
class Answers {
 public:
  void add(std::string_view answer)
  {
    if (answer.starts_with("HTTP/1.1 200") && answer.ends_with("fan-out")) ++good_;
  }
  /// The exit code.
  [[nodiscard]] int report(int asked) const
  {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start_;
    std::printf("seconds=%.9f answers=%d\n", seconds.count(), good_);
    if (good_ == asked) return 0;
    std::fprintf(stderr, "%d good answers to %d requests\n", good_, asked);
    return 1;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  int good_ = 0;
};

}  // namespace peers
