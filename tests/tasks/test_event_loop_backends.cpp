// The loop over each way to wait: what a name stands for, what a machine may lack, and what an
// exception leaves of a turn.
#include <sys/syscall.h>

#include <functional>
#include <thread>

#include "base/errors.hpp"
#include "every_backend.hpp"
#include "forbid.hpp"
#include "in_child.hpp"
#include "os/pipe.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part)
{
  return text.find(part) != std::string::npos;
}

/// Why there is no loop over `backend`, or nothing where there is.
template <class Reason>
std::string why_not(std::string_view backend)
{
  try {
    EventLoop loop = EventLoop::over(backend);
    return {};
  } catch (const Reason& reason) {
    return reason.what();
  }
}

/// The number that the next descriptor would get: higher where one was left behind.
int next_descriptor()
{
  const int next = ::dup(STDIN_FILENO);
  ::close(next);
  return next;
}

}  // namespace

TEST_CASE("a backend that doesn't exist: the error names those that do")
{
  for (const std::string name : {"", "epol", "EPOLL", "io_uring "}) {
    const std::string why = why_not<UsageError>(name);
    INFO(why);
    CHECK(has(why, "'" + name + "'"));
    for (const std::string& known : EventLoop::backends()) CHECK(has(why, known));
  }
}

TEST_CASE("a kernel that forbids io_uring: no loop over it, the reason, and nothing left behind")
{
  if (!why_no_completion("io_uring").empty()) return;
  const int error = GENERATE(EPERM, EACCES, ENOSYS);
  const int code = exit_code_in_child([error] {
    const int before = next_descriptor();
    forbid(SYS_io_uring_setup, error);
    for (int i = 0; i < 100; ++i) {
      const std::string why = why_not<Skipped>("io_uring");
      if (!has(why, "io_uring: ")) return 1;
      if (!has(why, error == ENOSYS ? "this kernel has none" : "the kernel forbids it")) return 2;
    }
    if (next_descriptor() != before) return 3;
    EventLoop loop;  // the default needs no io_uring
    bool ran = false;
    loop.call_soon([&] { ran = true; });
    loop.run();
    return ran ? 0 : 4;
  });
  CHECK(code == 0);
}

TEST_CASE("an exception of a descriptor's callback loses no other event of the same turn")
{
  const auto backend = every_backend();
  INFO(backend);
  const int code = exit_code_in_child([&backend] {
    EventLoop loop = EventLoop::over(backend);
    const Pipe first = make_pipe();
    const Pipe second = make_pipe();
    std::string calls;
    const auto fails = [&](const Pipe& mine, char name) {
      return [&, name](Ready) {
        calls += name;
        loop.unwatch(mine.write_end.get());
        throw std::runtime_error("no oven");
      };
    };
    loop.watch(first.write_end.get(), Ready::kWrite, fails(first, 'a'));
    loop.watch(second.write_end.get(), Ready::kWrite, fails(second, 'b'));
    loop.call_soon_threadsafe([&] { calls += 'c'; });
    int thrown = 0;
    for (int i = 0; i < 3; ++i) try {
        loop.run();
      } catch (const std::runtime_error&) {
        ++thrown;
      }
    std::sort(calls.begin(), calls.end());
    if (thrown != 2 || calls != "abc") return 1;
    loop.call_soon_threadsafe([&] { calls += 'd'; });
    loop.run();
    return calls == "abcd" ? 0 : 2;
  });
  CHECK(code == 0);
}

TEST_CASE("a callback that throws each time is called again, as long as its descriptor is ready")
{
  const auto backend = every_backend();
  INFO(backend);
  const int code = exit_code_in_child([&backend] {
    EventLoop loop = EventLoop::over(backend);
    const Pipe pipe = make_pipe();
    int calls = 0;
    loop.watch(pipe.write_end.get(), Ready::kWrite, [&](Ready) {
      if (++calls == 3) loop.unwatch(pipe.write_end.get());
      throw std::runtime_error("no oven");
    });
    int thrown = 0;
    for (int i = 0; i < 3; ++i) try {
        loop.run();
      } catch (const std::runtime_error&) {
        ++thrown;
      }
    return calls == 3 && thrown == 3 ? 0 : 1;
  });
  CHECK(code == 0);
}
