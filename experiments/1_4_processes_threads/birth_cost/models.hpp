// Ways to have one question answered by somebody else, all with one contract.
#pragma once

#include <functional>

#include "answer.hpp"

namespace two_cakes {

/// Has `question` answered by another thread or process, and returns the answer once whoever gave
/// it is gone (joined, reaped) or, in a pool, free again. Blocks. Throws SyscallError, naming the
/// limit, where one more can't be had.
using Ask = std::function<int(int question)>;

// Each prepares what is made once, and returns how to ask.
Ask ask_threads();       // a thread for each question
Ask ask_thread_pool();   // a thread made once
Ask ask_fork();          // a copy of this process for each question
Ask ask_fork_exec();     // a copy, which becomes another program
Ask ask_vfork_exec();    // another program; nothing is copied, and this thread stands still until
                         // then
Ask ask_posix_spawn();   // the same, by the library's call
Ask ask_process_pool();  // a process made once

}  // namespace two_cakes
