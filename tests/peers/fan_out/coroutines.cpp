// Our loop with coroutines.
#include <string>

#include "request.hpp"
#include "tasks/coroutine.hpp"
#include "tasks/io.hpp"

using namespace two_cakes;

namespace {

Task<void> ask(Endpoint server, peers::Answers& answers)
{
  Stream stream = co_await connect(server);
  co_await write_all(stream, peers::kRequest);
  std::string text;
  char bytes[peers::kAnswerBytes];
  while (const std::size_t count = co_await read(stream, bytes)) text.append(bytes, count);
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
