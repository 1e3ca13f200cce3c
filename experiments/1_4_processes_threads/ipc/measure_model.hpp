// One way to send messages of one size as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"
#include "partner.hpp"
#include "settings.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Link (*link)(std::size_t message_bytes);
  Who partner;
};

enum class Pattern {
  kStream,    // one way, as fast as they go
  kPingPong,  // there and back, and only then the next
};

/// Counters: message_s, the time for a message (or for a round trip), and messages_per_s. Checked:
/// the number at both ends of each message, and afterwards, outside the time, every byte of some.
/// Skipped where processes or threads don't suffice.
Series measure_model(const Model& model, Pattern pattern, std::size_t message_bytes,
                     const Settings& settings);

}  // namespace two_cakes
