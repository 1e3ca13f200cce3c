// A row of the table of models.
#pragma once

#include "models.hpp"

namespace two_cakes {

/// Who serves: how many threads and processes the server has.
enum class Staff { kOne, kThreadEach, kPool, kProcessEach };

struct Model {
  const char* name;
  Serve serve;
  Staff staff;
  int most_clients;   // at once; beyond it the model is skipped
  const char* limit;  // why
};

}  // namespace two_cakes
