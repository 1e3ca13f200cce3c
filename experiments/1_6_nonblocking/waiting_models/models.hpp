// Ways to serve an echo to many clients, all with one contract.
#pragma once

#include "server.hpp"

namespace two_cakes {

/// Echoes, to whoever connects to `server.listener`, what they send, until the process is stopped:
/// never returns. Throws SyscallError where it can't begin, Skipped where this machine has no such
/// mechanism.
using Serve = void (*)(const Server& server);

void serve_blocking(const Server& server);     // one client after the other
void serve_nonblocking(const Server& server);  // asks every client in turn, without a pause
void serve_threads(const Server& server);      // a thread for each client
void serve_thread_pool(const Server& server);  // threads made once, each with one client at a time
void serve_processes(const Server& server);    // a child for each client
void serve_select(const Server& server);       // one thread asks the kernel who is ready ...
void serve_poll(const Server& server);
void serve_epoll(const Server& server);
void serve_epoll_edge(const Server& server);  // ... or who has become ready
void serve_io_uring(const Server& server);    // one thread is told what has been done
void serve_event_loop(const Server& server);  // epoll, and a callback for each client
void serve_coroutines(const Server& server);  // epoll, and a coroutine for each client
void serve_coroutines_io_uring(const Server& server);

}  // namespace two_cakes
