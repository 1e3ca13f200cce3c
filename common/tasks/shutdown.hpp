// What becomes of the work that a pool has taken and not begun, when the pool ends.
#pragma once

namespace two_cakes {

enum class Shutdown {
  kDrain,  // it is done
  kDrop,   // it is thrown away, and whoever waits for it is told so. What has begun: threads finish
          // it, for nobody can end a thread from outside; processes are killed.
};

}  // namespace two_cakes
