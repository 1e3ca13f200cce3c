#include "faults.hpp"

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <ctime>
#include <unistd.h>

namespace PROBE_NAMESPACE {
namespace {

enum Call { kRead, kWrite, kReadv, kWritev, kRecv, kSend, kRecvmsg, kSendmsg, kAccept, kAccept4, kConnect, kEpollWait,
            kEpollCtl, kPoll, kSelect, kWaitpid, kPipe, kPipe2, kEventfd, kFork, kUsleep, kNanosleep, kCondWait, kCalls };
constexpr const char* kNames[kCalls] = {
    "read", "write", "readv", "writev", "recv", "send", "recvmsg", "sendmsg", "accept", "accept4", "connect", "epoll_wait",
    "epoll_ctl", "poll", "select", "waitpid", "pipe", "pipe2", "eventfd", "fork", "usleep", "nanosleep", "cond_wait"};

struct Plan {
  std::atomic<long> short_io = 0;
  std::atomic<long> eintr_every = 0;
  std::atomic<long> eagain_every = 0;
  std::atomic<long> emfile_every = 0;
  std::atomic<long> delay_us[kCalls] = {};
  std::atomic<long> calls[kCalls] = {};
};
Plan plan;

bool is_due(const std::atomic<long>& every, long count)
{
  const auto n = every.load();
  return n > 0 && count % n == 0;
}

void hold_up(Call call)
{
  const auto us = plan.delay_us[call].load();
  if (us == 0) return;
  timespec left{us / 1'000'000, us % 1'000'000 * 1'000};
  while (syscall(SYS_nanosleep, &left, &left) == -1 && errno == EINTR) {
  }
}

[[maybe_unused]] bool is_nonblocking(int fd)
{
  const auto flags = fcntl(fd, F_GETFL);
  return flags != -1 && (flags & O_NONBLOCK) != 0;
}

/// True: the call fails with the errno that this has set.
[[maybe_unused]] bool fails(Call call)
{
  hold_up(call);
  const auto count = ++plan.calls[call];
  if (!is_due(plan.eintr_every, count)) return false;
  errno = EINTR;
  return true;
}

[[maybe_unused]] bool fails(Call call, int fd)
{
  if (fd == kChannel) return false;
  if (fails(call)) return true;
  if (!is_due(plan.eagain_every, plan.calls[call]) || !is_nonblocking(fd)) return false;
  errno = EAGAIN;
  return true;
}

[[maybe_unused]] bool is_out_of_descriptors(Call call)
{
  if (!is_due(plan.emfile_every, plan.calls[call])) return false;
  errno = EMFILE;
  return true;
}

[[maybe_unused]] std::size_t shortened(int fd, std::size_t size)
{
  const auto most = plan.short_io.load();
  return most == 0 || fd == kChannel || size < static_cast<std::size_t>(most) ? size : static_cast<std::size_t>(most);
}

std::atomic<long>* setting(std::string_view name)
{
  if (name == "short_io") return &plan.short_io;
  if (name == "eintr_every") return &plan.eintr_every;
  if (name == "eagain_every") return &plan.eagain_every;
  if (name == "emfile_every") return &plan.emfile_every;
  for (int call = 0; call < kCalls; ++call)
    if (name.starts_with("delay:") && name.substr(6) == kNames[call]) return &plan.delay_us[call];
  return nullptr;
}

void clear()
{
  plan.short_io = plan.eintr_every = plan.eagain_every = plan.emfile_every = 0;
  for (auto& delay : plan.delay_us) delay = 0;
}

}  // namespace

void set_faults(std::string_view text)
{
  clear();
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) continue;
    if (auto* to = setting(word.substr(0, equals))) *to = std::atol(std::string{word.substr(equals + 1)}.c_str());
  }
}

}  // namespace PROBE_NAMESPACE

// A wrapper for each call that lab.toml's `wrapped` names; the build says which (-DWRAP_read -Wl,--wrap=read).
extern "C" {

#ifdef WRAP_read
ssize_t __real_read(int, void*, std::size_t);
ssize_t __wrap_read(int fd, void* to, std::size_t size)
{
  return fails(kRead, fd) ? -1 : __real_read(fd, to, shortened(fd, size));
}
#endif
#ifdef WRAP_write
ssize_t __real_write(int, const void*, std::size_t);
ssize_t __wrap_write(int fd, const void* from, std::size_t size)
{
  return fails(kWrite, fd) ? -1 : __real_write(fd, from, shortened(fd, size));
}
#endif
#ifdef WRAP_readv
ssize_t __real_readv(int, const iovec*, int);
ssize_t __wrap_readv(int fd, const iovec* parts, int count) { return fails(kReadv, fd) ? -1 : __real_readv(fd, parts, count); }
#endif
#ifdef WRAP_writev
ssize_t __real_writev(int, const iovec*, int);
ssize_t __wrap_writev(int fd, const iovec* parts, int count)
{
  return fails(kWritev, fd) ? -1 : __real_writev(fd, parts, count);
}
#endif
#ifdef WRAP_recv
ssize_t __real_recv(int, void*, std::size_t, int);
ssize_t __wrap_recv(int fd, void* to, std::size_t size, int flags)
{
  return fails(kRecv, fd) ? -1 : __real_recv(fd, to, shortened(fd, size), flags);
}
#endif
#ifdef WRAP_send
ssize_t __real_send(int, const void*, std::size_t, int);
ssize_t __wrap_send(int fd, const void* from, std::size_t size, int flags)
{
  return fails(kSend, fd) ? -1 : __real_send(fd, from, shortened(fd, size), flags);
}
#endif
#ifdef WRAP_recvmsg
ssize_t __real_recvmsg(int, msghdr*, int);
ssize_t __wrap_recvmsg(int fd, msghdr* message, int flags)
{
  return fails(kRecvmsg, fd) ? -1 : __real_recvmsg(fd, message, flags);
}
#endif
#ifdef WRAP_sendmsg
ssize_t __real_sendmsg(int, const msghdr*, int);
ssize_t __wrap_sendmsg(int fd, const msghdr* message, int flags)
{
  return fails(kSendmsg, fd) ? -1 : __real_sendmsg(fd, message, flags);
}
#endif
#ifdef WRAP_accept
int __real_accept(int, sockaddr*, socklen_t*);
int __wrap_accept(int fd, sockaddr* address, socklen_t* size)
{
  return fails(kAccept, fd) || is_out_of_descriptors(kAccept) ? -1 : __real_accept(fd, address, size);
}
#endif
#ifdef WRAP_accept4
int __real_accept4(int, sockaddr*, socklen_t*, int);
int __wrap_accept4(int fd, sockaddr* address, socklen_t* size, int flags)
{
  return fails(kAccept4, fd) || is_out_of_descriptors(kAccept4) ? -1 : __real_accept4(fd, address, size, flags);
}
#endif
#ifdef WRAP_connect
int __real_connect(int, const sockaddr*, socklen_t);
int __wrap_connect(int fd, const sockaddr* address, socklen_t size)
{
  hold_up(kConnect);  // no EINTR: the connection would go on being made
  return __real_connect(fd, address, size);
}
#endif
#ifdef WRAP_epoll_wait
int __real_epoll_wait(int, epoll_event*, int, int);
int __wrap_epoll_wait(int fd, epoll_event* events, int most, int timeout_ms)
{
  return fails(kEpollWait) ? -1 : __real_epoll_wait(fd, events, most, timeout_ms);
}
#endif
#ifdef WRAP_epoll_ctl
int __real_epoll_ctl(int, int, int, epoll_event*);
int __wrap_epoll_ctl(int fd, int operation, int of, epoll_event* event)
{
  hold_up(kEpollCtl);
  return __real_epoll_ctl(fd, operation, of, event);
}
#endif
#ifdef WRAP_poll
int __real_poll(pollfd*, nfds_t, int);
int __wrap_poll(pollfd* of, nfds_t count, int timeout_ms) { return fails(kPoll) ? -1 : __real_poll(of, count, timeout_ms); }
#endif
#ifdef WRAP_select
int __real_select(int, fd_set*, fd_set*, fd_set*, timeval*);
int __wrap_select(int count, fd_set* readable, fd_set* writable, fd_set* failed, timeval* timeout)
{
  return fails(kSelect) ? -1 : __real_select(count, readable, writable, failed, timeout);
}
#endif
#ifdef WRAP_waitpid
pid_t __real_waitpid(pid_t, int*, int);
pid_t __wrap_waitpid(pid_t pid, int* status, int options)
{
  return fails(kWaitpid) ? -1 : __real_waitpid(pid, status, options);
}
#endif
#ifdef WRAP_pipe
int __real_pipe(int*);
int __wrap_pipe(int* ends)
{
  ++plan.calls[kPipe];
  return is_out_of_descriptors(kPipe) ? -1 : __real_pipe(ends);
}
#endif
#ifdef WRAP_pipe2
int __real_pipe2(int*, int);
int __wrap_pipe2(int* ends, int flags)
{
  ++plan.calls[kPipe2];
  return is_out_of_descriptors(kPipe2) ? -1 : __real_pipe2(ends, flags);
}
#endif
#ifdef WRAP_eventfd
int __real_eventfd(unsigned, int);
int __wrap_eventfd(unsigned count, int flags)
{
  ++plan.calls[kEventfd];
  return is_out_of_descriptors(kEventfd) ? -1 : __real_eventfd(count, flags);
}
#endif
#ifdef WRAP_fork
pid_t __real_fork();
pid_t __wrap_fork()
{
  hold_up(kFork);
  return __real_fork();
}
#endif
#ifdef WRAP_usleep
int __real_usleep(useconds_t);
int __wrap_usleep(useconds_t us) { return fails(kUsleep) ? -1 : __real_usleep(us); }
#endif
#ifdef WRAP_nanosleep
int __real_nanosleep(const timespec*, timespec*);
int __wrap_nanosleep(const timespec* time, timespec* left)
{
  if (!fails(kNanosleep)) return __real_nanosleep(time, left);
  if (left != nullptr) *left = *time;
  return -1;
}
#endif

}  // extern "C"

// std::condition_variable waits inside libstdc++, which finds these first. A wait that is held up with its mutex held harms
// only code that notifies without having changed the state under that mutex.
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
namespace {

template <typename Function>
Function* next(const char* name)
{
  void* found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");  // x86-64's; others have one version only
  return reinterpret_cast<Function*>(found != nullptr ? found : dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex)
{
  static auto* const real = next<int(pthread_cond_t*, pthread_mutex_t*)>("pthread_cond_wait");
  hold_up(kCondWait);
  return real(condition, mutex);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until)
{
  static auto* const real = next<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)>("pthread_cond_timedwait");
  hold_up(kCondWait);
  return real(condition, mutex, until);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until)
{
  static auto* const real =
      next<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>("pthread_cond_clockwait");
  hold_up(kCondWait);
  return real(condition, mutex, clock, until);
}

}  // extern "C"
#endif
