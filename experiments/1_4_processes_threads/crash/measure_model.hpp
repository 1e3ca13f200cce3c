// One trouble in one model as a series of the harness.
#pragma once

#include <chrono>

#include "harness/series.hpp"
#include "models.hpp"

namespace two_cakes {

struct Model {
  const char* name;
  Aftermath (*run)(Trouble trouble, std::chrono::milliseconds patience);
  bool bystander_lives;   // the fact that is claimed: it is an error where it doesn't hold
  ExitStatus after_leak;  // std::bad_alloc ends a child's body, or a thread and with it the process
};

/// Counters: notice_s, from the last words (or the kill) until the parent has reaped; bystanders,
/// how many still answer. Checked: how it ended, who still answers, and that no child is left.
Series measure_model(const Model& model, Trouble trouble, std::chrono::milliseconds patience);

}  // namespace two_cakes
