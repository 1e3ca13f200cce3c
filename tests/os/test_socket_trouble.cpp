// Sockets in trouble: refused, reset, too late, interrupted, out of descriptors.
#include <pthread.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <csignal>
#include <thread>

#include "base/errors.hpp"
#include "catch.hpp"
#include "contains.hpp"
#include "in_child.hpp"
#include "loopback.hpp"
#include "os/socket.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

struct Trouble {
  int error = 0;
  std::string text;
};

template <class Call>
Trouble trouble_of(Call call)
{
  try {
    call();
  } catch (const SyscallError& error) {
    return {error.code().value(), error.what()};
  }
  return {};
}

/// A port that somebody listened on a moment ago.
Endpoint nobody_listens(const Endpoint& any) { return local_endpoint(listen_on(any)); }

/// A listener that has no room for one more: the kernel leaves further clients connecting.
struct FullListener {
  FullListener() : listener(listen_on(Endpoint::loopback_v4(0), 0))
  {
    for (int i = 0; i < 4; ++i) clients.push_back(start_connect(endpoint()));
  }
  [[nodiscard]] Endpoint endpoint() const { return local_endpoint(listener); }
  UniqueFd listener;
  std::vector<UniqueFd> clients;
};

/// Interrupts the thread that made it every millisecond, without SA_RESTART; at most for `limit`,
/// then runs `last`.
class Storm {
 public:
  explicit Storm(
      std::function<void()> last = [] {}, std::chrono::milliseconds limit = 3s)
  {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, &before_);
    thread_ = std::thread([this, victim = ::pthread_self(), last = std::move(last), limit] {
      for (const auto end = Clock::now() + limit; !over_ && Clock::now() < end;) {
        ::pthread_kill(victim, SIGUSR1);
        std::this_thread::sleep_for(1ms);
      }
      if (!over_) last();
    });
  }
  ~Storm()
  {
    over_ = true;
    thread_.join();
    ::sigaction(SIGUSR1, &before_, nullptr);
  }

 private:
  std::atomic<bool> over_{false};
  struct sigaction before_ {};
  std::thread thread_;
};

}  // namespace

TEST_CASE("a port in use is refused by name")
{
  const UniqueFd listener = listen_on(GENERATE(from_range(loopbacks())));
  const Endpoint taken = local_endpoint(listener);
  const Trouble trouble = trouble_of([&] { listen_on(taken); });
  REQUIRE(trouble.error == EADDRINUSE);
  REQUIRE(trouble.text == "bind " + taken.to_string() + ": Address already in use");
}

TEST_CASE("a refused connection is named, where the caller blocks")
{
  const Endpoint nobody = nobody_listens(GENERATE(from_range(loopbacks())));
  const Trouble trouble = trouble_of([&] { connect_blocking(nobody, soon()); });
  REQUIRE(trouble.error == ECONNREFUSED);
  REQUIRE(contains(trouble.text, nobody.to_string()));
}

TEST_CASE("a refused connection is told by the first write at the latest, where he doesn't")
{
  const Endpoint nobody = nobody_listens(GENERATE(from_range(loopbacks())));
  const Trouble trouble = trouble_of([&] {
    const UniqueFd socket = start_connect(nobody);
    REQUIRE(is_writable(socket));
    write_some(socket, "hello?");
  });
  REQUIRE(trouble.error == ECONNREFUSED);
}

TEST_CASE("while it is connecting, writing would block")
{
  const FullListener full;
  const UniqueFd socket = start_connect(full.endpoint());
  REQUIRE(!write_some(socket, "too early"));
}

TEST_CASE("connecting ends at its deadline, and not before")
{
  const FullListener full;
  const auto deadline = Clock::now() + 40ms;
  const Trouble trouble = trouble_of([&] { connect_blocking(full.endpoint(), deadline); });
  REQUIRE(trouble.error == ETIMEDOUT);
  REQUIRE(Clock::now() >= deadline);
}

TEST_CASE("reading ends at its deadline, and not before")
{
  const auto [client, server] = connected_pair();
  std::array<char, 16> buffer{};
  const auto deadline = Clock::now() + 40ms;
  REQUIRE(trouble_of([&, &socket = client] {
            read_some_blocking(socket, buffer, deadline);
          }).error == ETIMEDOUT);
  REQUIRE(Clock::now() >= deadline);
}

TEST_CASE("writing ends at its deadline, and not before")
{
  const auto [client, server] = connected_pair();
  const std::string more_than_buffers_hold(64 << 20, 'x');
  const auto deadline = Clock::now() + 40ms;
  const auto write = [&, &socket = client] {
    write_all_blocking(socket, more_than_buffers_hold, deadline);
  };
  REQUIRE(trouble_of(write).error == ETIMEDOUT);
  REQUIRE(Clock::now() >= deadline);
}

TEST_CASE("a deadline that has passed is too late, whatever is there")
{
  const auto [client, server] = connected_pair();
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  std::array<char, 16> buffer{};
  for (const Clock::time_point deadline :
       {Clock::now() - 1h, Clock::now(), Clock::time_point::min(), Clock::time_point{}}) {
    REQUIRE(trouble_of([&] { connect_blocking(local_endpoint(listener), deadline); }).error ==
            ETIMEDOUT);
    REQUIRE(trouble_of([&, &fd = client] { read_some_blocking(fd, buffer, deadline); }).error ==
            ETIMEDOUT);
    REQUIRE(trouble_of([&, &fd = client] { write_all_blocking(fd, "late", deadline); }).error ==
            ETIMEDOUT);
  }
}

TEST_CASE("without a deadline there is all the time of the world")
{
  const auto [client, server] = connected_pair();
  std::array<char, 16> buffer{};
  write_all_blocking(client, "hello", Clock::time_point::max());
  REQUIRE(read_some_blocking(server, buffer, Clock::time_point::max()) == 5);
}

TEST_CASE("a reset connection is an error, and no end of the stream")
{
  auto [client, server] = connected_pair(GENERATE(from_range(loopbacks())));
  reset_connection(server);
  std::array<char, 16> buffer{};
  REQUIRE(is_readable(client));
  SECTION("for who reads without blocking")
  {
    REQUIRE(trouble_of([&, &fd = client] { read_some(fd, buffer); }).error == ECONNRESET);
  }
  SECTION("for who blocks")
  {
    REQUIRE(trouble_of([&, &fd = client] { read_some_blocking(fd, buffer, soon()); }).error ==
            ECONNRESET);
  }
}

TEST_CASE("writing to who has gone is an error and no signal")
{
  const int code = exit_code_in_child([] {
    ::signal(SIGPIPE, SIG_DFL);
    auto [client, server] = connected_pair();
    reset_connection(server);
    is_readable(client);
    int errors = 0;
    for (int i = 0; i < 2; ++i) {
      const int error = trouble_of([&, &fd = client] { write_some(fd, "anybody?"); }).error;
      errors += error == ECONNRESET || error == EPIPE;
    }
    const int error =
        trouble_of([&, &fd = client] { write_all_blocking(fd, "anybody?", soon()); }).error;
    return errors == 2 && error == EPIPE ? 0 : 1;
  });
  REQUIRE(code == 0);
}

TEST_CASE("an interrupted read or accept goes on")
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  UniqueFd client;
  {
    const Storm storm([&] { client = connect_blocking(local_endpoint(listener), soon()); }, 20ms);
    REQUIRE(accept_connection(listener).has_value());
  }
  auto [here, there] = connected_pair();
  std::array<char, 16> buffer{};
  const Storm storm([&there = there] { write_all_blocking(there, "calm", soon()); }, 20ms);
  REQUIRE(read_some(here, buffer) == std::optional<std::size_t>(4));
}

TEST_CASE("signals don't put a read's deadline off")
{
  auto [here, there] = connected_pair();
  std::array<char, 16> buffer{};
  // Where they do, the read would never end: the storm writes after a while, and the read succeeds.
  const Storm storm([&there = there] { write_all_blocking(there, "x", soon()); });
  REQUIRE(trouble_of([&, &fd = here] {
            read_some_blocking(fd, buffer, Clock::now() + 40ms);
          }).error == ETIMEDOUT);
}

TEST_CASE("signals don't put a write's deadline off")
{
  auto [here, there] = connected_pair();
  const std::string more_than_buffers_hold(64 << 20, 'x');
  const Storm storm([&there = there] { reset_connection(there); });
  const auto write = [&, &fd = here] {
    write_all_blocking(fd, more_than_buffers_hold, Clock::now() + 40ms);
  };
  REQUIRE(trouble_of(write).error == ETIMEDOUT);
}

TEST_CASE("signals neither break connecting nor put its deadline off")
{
  const FullListener full;
  const Storm storm;
  const auto deadline = Clock::now() + 40ms;
  REQUIRE(trouble_of([&] { connect_blocking(full.endpoint(), deadline); }).error == ETIMEDOUT);
  REQUIRE(Clock::now() >= deadline);
}

TEST_CASE("sockets: where descriptors run out, the limit is named")
{
  const int code = exit_code_in_child([] {
    const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
    const Endpoint endpoint = local_endpoint(listener);
    const UniqueFd waiting = start_connect(endpoint);  // so that there is somebody to accept
    const auto used = static_cast<rlim_t>(waiting.get()) + 1;
    const rlimit few{.rlim_cur = used, .rlim_max = used};
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (const auto& call : {std::function<void()>([&] { start_connect(endpoint); }),
                             std::function<void()>([&] { connect_blocking(endpoint, soon()); }),
                             std::function<void()>([&] { listen_on(Endpoint::loopback_v4(0)); }),
                             std::function<void()>([&] { accept_connection(listener); })}) {
      const Trouble trouble = trouble_of(call);
      if (trouble.error != EMFILE || !contains(trouble.text, "RLIMIT_NOFILE")) return 1;
    }
    return 0;
  });
  REQUIRE(code == 0);
}
