#include "os/pipe.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>

#include <array>
#include <csignal>
#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "error_of.hpp"
#include "in_child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

bool closes_on_exec(const UniqueFd& fd) { return (::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0; }

}  // namespace

TEST_CASE("what goes in at one end of a pipe comes out at the other, zero bytes included")
{
  const Pipe pipe = make_pipe();
  const std::string bytes("a\0b\nc\xff", 6);
  write_all(pipe.write_end, bytes);
  std::string read(6, '?');
  REQUIRE(read_exactly(pipe.read_end, read));
  REQUIRE(read == bytes);
}

TEST_CASE("both ends close on exec")
{
  const Pipe pipe = make_pipe();
  REQUIRE(closes_on_exec(pipe.read_end));
  REQUIRE(closes_on_exec(pipe.write_end));
  const auto [left, right] = make_socket_pair();
  REQUIRE(closes_on_exec(left));
  REQUIRE(closes_on_exec(right));
}

TEST_CASE("each end of a socket pair reads what the other writes")
{
  const auto [left, right] = make_socket_pair();
  write_all(left, "to the right");
  write_all(right, "to the left");
  std::string text(12, '?');
  REQUIRE(read_exactly(right, text));
  REQUIRE(text == "to the right");
  text.resize(11);
  REQUIRE(read_exactly(left, text));
  REQUIRE(text == "to the left");
}

TEST_CASE("an exact read waits for the rest, and leaves the next message alone")
{
  const Pipe pipe = make_pipe();
  std::thread writer([&] {
    for (const char letter : std::string("halves!")) write_all(pipe.write_end, {&letter, 1});
  });
  std::string half(3, '?');
  REQUIRE(read_exactly(pipe.read_end, half));
  REQUIRE(half == "hal");
  half.resize(4);
  REQUIRE(read_exactly(pipe.read_end, half));
  REQUIRE(half == "ves!");
  writer.join();
}

TEST_CASE("the end of a stream: false before the first byte, an error in the middle")
{
  Pipe pipe = make_pipe();
  write_all(pipe.write_end, "abc");
  pipe.write_end.reset();
  std::array<char, 2> buffer{};
  REQUIRE(read_exactly(pipe.read_end, buffer));
  REQUIRE(error_of([&] { read_exactly(pipe.read_end, buffer); }) == EPIPE);
  REQUIRE(!read_exactly(pipe.read_end, buffer));
}

TEST_CASE("reading to the end")
{
  Pipe pipe = make_pipe();
  SECTION("of nothing")
  {
    pipe.write_end.reset();
    REQUIRE(read_to_end(pipe.read_end).empty());
  }
  SECTION("of more than a pipe holds")
  {
    const std::string much(1'000'003, 'm');
    std::thread writer([&] {
      write_all(pipe.write_end, much);
      pipe.write_end.reset();
    });
    REQUIRE(read_to_end(pipe.read_end) == much);
    writer.join();
  }
}

TEST_CASE("writing where nobody reads is EPIPE")
{
  const int code = exit_code_in_child([] {
    ::signal(SIGPIPE, SIG_IGN);
    Pipe pipe = make_pipe();
    pipe.read_end.reset();
    return error_of([&] { write_all(pipe.write_end, "x"); }) == EPIPE ? 0 : 1;
  });
  REQUIRE(code == 0);
}

TEST_CASE("a socket pair raises no SIGPIPE")
{
  const int code = exit_code_in_child([] {
    ::signal(SIGPIPE, SIG_DFL);
    auto [left, right] = make_socket_pair();
    right.reset();
    return error_of([&left = left] { write_all(left, "x"); }) == EPIPE ? 0 : 1;
  });
  REQUIRE(code == 0);
}

TEST_CASE("a write without SIGPIPE: the error alone tells that nobody reads")
{
  const auto writes_to_nobody = [] {
    Pipe pipe = make_pipe();
    pipe.read_end.reset();
    return write_without_sigpipe(pipe.write_end.get(), "x") == -1 && errno == EPIPE;
  };
  const auto is_pending = [] {
    sigset_t pending{};
    ::sigpending(&pending);
    return ::sigismember(&pending, SIGPIPE) == 1;
  };
  const auto is_blocked = [] {
    sigset_t now{};
    ::pthread_sigmask(SIG_BLOCK, nullptr, &now);
    return ::sigismember(&now, SIGPIPE) == 1;
  };
  sigset_t sigpipe{};
  ::sigemptyset(&sigpipe);
  ::sigaddset(&sigpipe, SIGPIPE);
  int code = 1;
  SECTION("where it would kill, and what came before stays as it was")
  {
    code = exit_code_in_child([&] {
      ::signal(SIGPIPE, SIG_DFL);
      const bool good = writes_to_nobody() && writes_to_nobody();
      return good && !is_pending() && !is_blocked() ? 0 : 1;
    });
  }
  SECTION("where it is ignored")
  {
    code = exit_code_in_child([&] {
      ::signal(SIGPIPE, SIG_IGN);
      return writes_to_nobody() && !is_blocked() ? 0 : 1;
    });
  }
  SECTION("where it is blocked: none is left pending")
  {
    code = exit_code_in_child([&] {
      ::pthread_sigmask(SIG_BLOCK, &sigpipe, nullptr);
      return writes_to_nobody() && !is_pending() && is_blocked() ? 0 : 1;
    });
  }
  SECTION("where one is pending already, it stays")
  {
    code = exit_code_in_child([&] {
      ::pthread_sigmask(SIG_BLOCK, &sigpipe, nullptr);
      ::raise(SIGPIPE);
      return writes_to_nobody() && is_pending() && is_blocked() ? 0 : 1;
    });
  }
  REQUIRE(code == 0);
}

TEST_CASE("a write without SIGPIPE that goes well, or fails otherwise, is write(2)'s")
{
  const Pipe pipe = make_pipe();
  REQUIRE(write_without_sigpipe(pipe.write_end.get(), "abc") == 3);
  std::string read(3, '?');
  REQUIRE(read_exactly(pipe.read_end, read));
  REQUIRE(read == "abc");
  REQUIRE(write_without_sigpipe(-1, "abc") == -1);
  REQUIRE(errno == EBADF);
}

TEST_CASE("a bad descriptor names the call")
{
  REQUIRE(error_of([] { write_all(UniqueFd(), "x"); }) == EBADF);
  std::array<char, 1> buffer{};
  REQUIRE(error_of([&] { read_exactly(UniqueFd(), buffer); }) == EBADF);
  try {
    read_to_end(UniqueFd());
    FAIL("it didn't throw");
  } catch (const SyscallError& error) {
    REQUIRE(std::string(error.what()).starts_with("read"));
  }
}

TEST_CASE("a read that a signal interrupts goes on")
{
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};  // without SA_RESTART: read() fails with EINTR
  ::sigaction(SIGUSR1, &action, &before);
  const Pipe pipe = make_pipe();
  const pthread_t reader = ::pthread_self();
  std::thread disturber([&] {
    for (int i = 0; i < 20; ++i) {
      ::pthread_kill(reader, SIGUSR1);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    write_all(pipe.write_end, "calm");
  });
  std::string text(4, '?');
  REQUIRE(read_exactly(pipe.read_end, text));
  REQUIRE(text == "calm");
  disturber.join();
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_CASE("pipes: where descriptors run out, the limit is named")
{
  const int code = exit_code_in_child([] {
    const rlimit few{.rlim_cur = 3,
                     .rlim_max = 3};  // the three standard streams, or what stands in for them
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (const auto& make : {std::function<void()>([] { make_pipe(); }),
                             std::function<void()>([] { make_socket_pair(); })}) {
      try {
        make();
        return 1;
      } catch (const SyscallError& error) {
        const std::string text = error.what();
        if (error.code().value() != EMFILE || text.find("RLIMIT_NOFILE is 3") == std::string::npos)
          return 2;
      }
    }
    return 0;
  });
  REQUIRE(code == 0);
}
