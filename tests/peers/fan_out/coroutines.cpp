// Our loop with coroutines.
#include <string>

#include "request.hpp"
#include "tasks/coroutine.hpp"
#include "tasks/io.hpp"

using namespace two_cakes;

namespace {

/// Takes what has come; false at the end. The buffer is on the stack: in the coroutine each that waits would have one.
bool receive(Stream& stream, std::string& text)
{
  char bytes[peers::kAnswerBytes];
  const auto count = try_read(stream, bytes);
  text.append(bytes, count.value_or(0));
  return count != std::size_t{0};
}

Task<void> ask(const Endpoint& server, peers::Answers& answers)
{
  Stream stream = co_await connect(server);
  co_await write_all(stream, peers::kRequest);
  std::string text;
  do co_await readable(stream);
  while (receive(stream, text));
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
