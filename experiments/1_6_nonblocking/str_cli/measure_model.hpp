// One design of the client, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "models.hpp"
#include "settings.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  void (*run)(const Session&);
  bool one_at_a_time;  // a line is sent when the one before is back
};

/// All lines there and back, from connecting to the end of the stream. What comes back is compared
/// with what was sent, byte for byte. The bound is the round trips that can't be avoided.
Series measure_model(const Model& model, const Settings& settings, const Endpoint& server);

}  // namespace two_cakes
