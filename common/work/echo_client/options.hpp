// The command line of echo_client.
#pragma once

#include <variant>

#include "work/echo_clients.hpp"

namespace two_cakes {

struct EchoClientOptions {
  EchoLoad load;
  int core = -1;       // -1: wherever the scheduler likes
  int output_fd = -1;  // where the figures, or what went wrong, are written; -1: stdout, stderr
};

/// What to do, or the exit code where --help has answered. Throws UsageError.
std::variant<EchoClientOptions, int> read_options(int argc, const char* const* argv);

}  // namespace two_cakes
