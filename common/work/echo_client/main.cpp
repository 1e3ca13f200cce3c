// Program        echo_client: N keep-alive clients of an echo server, on one thread.
// Run            echo_client --target 127.0.0.1:7000 --clients 100 --payload-bytes 1024
// Prints         one line: messages=... seconds=... p50_ms=... (see work/echo_clients.hpp)
// Promise        Every byte that comes back is checked. While SIGTSTP (Ctrl-Z) has stopped it, its
//                clock stands.
// Exit codes     0 good; 1 a wrong echo, or a server that fails; 2 bad usage; 77 too few
// descriptors.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "options.hpp"
#include "os/affinity.hpp"
#include "os/stopped_time.hpp"

using namespace two_cakes;

namespace {

int say(int fd, std::FILE* otherwise, const std::string& line, int exit_code)
{
  std::FILE* file = fd >= 0 ? ::fdopen(fd, "w") : otherwise;
  fmt::print(file == nullptr ? otherwise : file, "{}\n", line);
  if (file != nullptr) std::fflush(file);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv)
{
  int fd = -1;
  const auto fail = [&fd](const std::exception& error, int exit_code) {
    return say(fd, stderr, fmt::format("echo_client: {}", error.what()), exit_code);
  };
  try {
    const auto read = read_options(argc, argv);
    if (const auto* exit_code = std::get_if<int>(&read)) return *exit_code;
    const auto& options = std::get<EchoClientOptions>(read);
    fd = options.output_fd;
    if (options.core >= 0) pin_this_thread({options.core});
    leave_out_stopped_time();
    return say(fd, stdout, to_line(run_echo_clients(options.load)), kGood);
  } catch (const UsageError& error) {
    return fail(error, kBadInput);
  } catch (const Skipped& reason) {
    return fail(reason, kSkipped);
  } catch (const std::exception& error) {
    return fail(error, kCheckFailed);
  }
}
