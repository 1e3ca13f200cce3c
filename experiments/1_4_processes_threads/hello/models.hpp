// Who greets: listings 1.2 to 1.4 of the chapter.
#pragma once

#include "greeting.hpp"

namespace two_cakes {

struct Meeting {
  Greeting said;   // by the one who greets
  Greeting shown;  // by /proc, meanwhile
};

// Each blocks until whoever was made for it is gone again. Throws SyscallError, naming the limit.
Meeting meet_myself();    // listing 1.2: this process and its first thread
Meeting meet_a_thread();  // listing 1.3: a new thread of this process
Meeting meet_a_child();   // listing 1.4: a new process

}  // namespace two_cakes
