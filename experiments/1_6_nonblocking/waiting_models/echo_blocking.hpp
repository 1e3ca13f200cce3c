// One client, served by whoever has nothing else to do: each call blocks until it is done.
#pragma once

namespace two_cakes {

/// Echoes to `client` until it ends its sending or breaks off. Blocks. Doesn't close it. Throws
/// nothing: one broken connection is its client's matter.
void echo_until_end(int client) noexcept;

}  // namespace two_cakes
