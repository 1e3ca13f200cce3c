// The echo clients in a process of their own: they share no core, no lock and no bug with the
// server that they load.
#pragma once

#include "work/echo_clients.hpp"

namespace two_cakes {

/// Runs bin/echo_client, beside the running executable, on `core` (-1: on any), and blocks until it
/// has finished. Returns what it saw. Throws Skipped where it skips, std::runtime_error with its
/// own words where it fails.
EchoFigures run_echo_client_process(const EchoLoad& load, int core = -1);

}  // namespace two_cakes
