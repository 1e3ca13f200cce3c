// For the eye: the spinner on a terminal, really freezing and really turning, model after model.
#pragma once

#include <span>

#include "measure_model.hpp"
#include "settings.hpp"

namespace two_cakes {

/// Runs every model that `settings.watch` asks for with every operation, drawing each tick. Blocks.
/// Returns kGood, or kInterrupted after Ctrl-C, once the model that runs has ended. Throws
/// UsageError where stdout is no terminal or the model is unknown, WrongAnswer where an operation
/// failed.
int watch(std::span<const Model> models, std::span<const Operation> operations,
          const Settings& settings);

}  // namespace two_cakes
