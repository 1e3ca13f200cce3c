// Our loop with coroutines.
#include <string>

#include "request.hpp"
#include "tasks/coroutine.hpp"
#include "tasks/io.hpp"

using namespace two_cakes;

namespace {

Task<void> ask(const Endpoint& server, peers::Answers& answers)
{
  Stream stream = co_await connect(server);
  co_await write_all(stream, peers::kRequest);
  std::string text;
  for (bool end = false; !end;) {
    co_await readable(stream);
    const auto bytes = try_read(stream);  // in the loop's buffer: who waits needs none
    text += bytes.value_or("");
    end = bytes == "";
  }
  answers.add(text);
}

}  // namespace

int main(int argc, char** argv)
{
  const auto [server, count] = peers::read_arguments(argc, argv);
  const Endpoint endpoint = Endpoint::loopback_v4(ntohs(server.sin_port));
  peers::Answers answers;
  EventLoop loop;
  for (int i = 0; i < count; ++i) loop.spawn(ask(endpoint, answers));
  loop.run();
  return answers.report(count);
}
