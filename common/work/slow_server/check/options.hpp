// Options: the command line of slow_server_check.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

namespace two_cakes::slow_server_check {

/// What the command line says.
struct Options {
  std::size_t requests = 200;
  std::size_t connections = 10'000;
  unsigned delay_ms = 500;
  std::size_t clients = 1'000;
  std::uint16_t port = 0;  // 0: start a slow_server of its own
};

/// Reads the command line. Returns the options; or the exit code, if the program is to end at
/// once: 0 after --help, 2 after one line on stderr that names the bad flag or value.
std::variant<Options, int> read_options(int argc, const char* const* argv);

}  // namespace two_cakes::slow_server_check
