// Options: the command line of slow_server.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace two_cakes::slow_server {

/// What the command line says.
struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string delay = "20";  // a description that Delays understands
  std::uint64_t seed = 1;
  int ready_fd = -1;  // none
  bool die_with_parent = false;
  int parent_pid = 0;  // 0: whoever it is
};

/// Reads the command line. Returns the options; or the exit code, if the program is to end at
/// once: 0 after --help, 2 after one line on stderr that names the bad flag or value.
std::variant<Options, int> read_options(int argc, const char* const* argv);

}  // namespace two_cakes::slow_server
