// The contract of completion.hpp on Windows' IOCP: an echo server and its clients in one program.
// Prints "good" and exits with 0, or says what was wrong. test_iocp.py builds and runs it.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "wait/completion.hpp"
#include "wait/iocp_completion.hpp"

using namespace two_cakes;
using namespace std::chrono_literals;

namespace {

// The room os isn't built for Windows: the little that is needed of it.
int make_socket() { return static_cast<int>(::WSASocketW(AF_INET, SOCK_STREAM, 0, nullptr, 0, 1)); }

void expect(bool good, const char* what)
{
  if (good) return;
  std::printf("wrong: %s\n", what);
  std::exit(1);
}

constexpr std::uint64_t kListener = 1;
constexpr std::uint64_t kServer = 1 << 20;  // + socket: it receives
constexpr std::uint64_t kClient = 2 << 20;  // + socket: connecting, then sending
constexpr std::uint64_t kAnswer = 3 << 20;  // + socket: it receives
constexpr std::uint64_t kEcho = 4 << 20;    // + a number: it sends back
constexpr int kClients = 20;
constexpr std::size_t kBytes = 5'000;

struct Echo {
  explicit Echo(Completion& used) : completion(used)
  {
    listener = make_socket();
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener, reinterpret_cast<sockaddr*>(&any), sizeof any);
    ::listen(listener, 100);
    sockaddr_in bound{};
    int size = sizeof bound;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &size);
    where = Endpoint(reinterpret_cast<sockaddr*>(&bound), size);
    for (std::size_t i = 0; i < kBytes; ++i) text += static_cast<char>('a' + i % 23);
  }

  void serve(const CompletionEvent& event)
  {
    const std::uint64_t kind = event.tag >> 20 << 20;
    const int socket = static_cast<int>(event.tag - kind);
    if (const auto found = lent.find(event.tag); found != lent.end()) {
      completion.give_back(found->second);
      lent.erase(found);
    } else if (event.tag == kListener) {
      expect(event.more && event.result > 0, "accepting");
      completion.receive(event.result, kServer + event.result);
    } else if (kind == kServer) {
      if (!event.more) return;
      const auto bytes = completion.received(event);
      lent[next_echo] = event.buffer;
      completion.send(socket, {bytes.data(), bytes.size()}, next_echo++);
    } else if (kind == kClient && !connected[socket]) {
      expect(event.result == 0, "connecting");
      connected[socket] = true;
      completion.receive(socket, kAnswer + socket);
      completion.send(socket, text, kClient + socket);
    } else if (kind == kClient) {
      expect(event.result == static_cast<int>(kBytes), "sending all");
    } else if (kind == kAnswer && event.more) {
      const auto bytes = completion.received(event);
      answers[socket].append(bytes.data(), bytes.size());
      completion.give_back(event.buffer);
      if (answers[socket].size() == kBytes) {
        expect(answers[socket] == text, "the bytes and their order");
        ++done;
      }
    }
  }

  Completion& completion;
  int listener = 0;
  Endpoint where;
  std::string text;
  std::uint64_t next_echo = kEcho;
  std::map<std::uint64_t, std::uint16_t> lent;  // by the tag of what sends it back
  std::map<int, bool> connected;
  std::map<int, std::string> answers;
  int done = 0;
};

void cancel_and_wake(Completion& completion, Echo& echo)
{
  std::vector<CompletionEvent> events;
  completion.cancel(kListener);
  completion.cancel(12'345);  // nobody's
  for (bool ended = false; !ended;) {
    completion.wait(events, Clock::now() + 5s);
    for (const CompletionEvent& event : events) {
      if (event.tag == kListener && !event.more) {
        expect(event.result == -ECANCELED, "a cancelled accept");
        ended = true;
      } else {
        echo.serve(event);
      }
    }
  }
  completion.wake_up();
  completion.wait(events, Clock::time_point::max());  // a hang is the failure
  const auto deadline = Clock::now() + 20ms;
  while (Clock::now() < deadline) completion.wait(events, deadline);
}

}  // namespace

// Endpoint's constructor is the one thing of the room os that is used.
Endpoint::Endpoint(const sockaddr* address, socklen_t length) : length_(length)
{
  std::memcpy(&storage_, address, static_cast<std::size_t>(length));
}

int main()
{
  const auto completion = make_completion("iocp", {.count = 16, .bytes = 512});
  expect(completion->name() == "iocp", "the name");
  expect(IocpCompletion(LentBuffers{}).readiness({}) == Ready::kNothing, "no readiness");
  Echo echo(*completion);
  completion->accept(echo.listener, kListener);
  for (int i = 0; i < kClients; ++i) {
    const int socket = make_socket();
    completion->connect(socket, echo.where, kClient + socket);
  }
  const auto deadline = Clock::now() + 20s;
  std::vector<CompletionEvent> events;
  while (echo.done < kClients && Clock::now() < deadline) {
    completion->wait(events, deadline);
    for (const CompletionEvent& event : events) echo.serve(event);
  }
  expect(echo.done == kClients, "every client's answer in time");
  cancel_and_wake(*completion, echo);
  std::printf("good\n");
}
