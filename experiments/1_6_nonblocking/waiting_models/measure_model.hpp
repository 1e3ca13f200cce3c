// One model under one number of clients, as a series of the harness.
#pragma once

#include "harness/series.hpp"
#include "model.hpp"
#include "settings.hpp"

namespace two_cakes {

/// One iteration lets all clients say and hear their messages; every byte is checked. Server and
/// clients are processes of their own, each bound to a core of its own where there are two. The
/// time counts from the first message to the last echo; the costs are the server's, from its birth
/// to its end, children included. Skipped where the model or the machine can't have so many
/// clients.
Series measure_model(const Model& model, int clients, const Settings& settings);

}  // namespace two_cakes
