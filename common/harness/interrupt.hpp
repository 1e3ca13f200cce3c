// Ctrl-C that loses nothing.
#pragma once

namespace two_cakes {

/// From here on the first SIGINT only asks: the series that runs is finished, the others aren't
/// begun, and what is finished is written. The second one ends the process at once, with exit code
/// 130.
void catch_interrupts();

/// Whether SIGINT has come. Any thread.
bool interrupted();

}  // namespace two_cakes
