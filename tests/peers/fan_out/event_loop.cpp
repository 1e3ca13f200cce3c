// Our loop with callbacks: it may be connected already, so the request is tried first.
#include "tasks/event_loop.hpp"

#include <deque>
#include <string>

#include "os/socket.hpp"
#include "request.hpp"

using namespace two_cakes;

namespace {

class Exchange {
 public:
  Exchange(EventLoop& loop, peers::Answers& answers) : loop_(loop), answers_(answers) {}

  void start(const Endpoint& server)
  {
    socket_ = start_connect(server);
    if (write_some(socket_, peers::kRequest)) return begin_reading();
    loop_.watch(socket_.get(), Ready::kWrite, [this](Ready) {
      if (write_some(socket_, peers::kRequest)) begin_reading();
    });
  }

 private:
  void begin_reading()
  {
    loop_.watch(socket_.get(), Ready::kRead, [this](Ready) { read(); });
  }
  void read()
  {
    char bytes[peers::kAnswerBytes];
    const auto count = read_some(socket_, bytes);
    if (!count) return;
    text_.append(bytes, *count);
    if (*count > 0) return;
    answers_.add(text_);
    loop_.unwatch(socket_.get());
    socket_.reset();
  }

  EventLoop& loop_;
  peers::Answers& answers_;
  UniqueFd socket_;
  std::string text_;
};

}  // namespace

int main(int argc, char** argv)
{
  const auto [server, count] = peers::read_arguments(argc, argv);
  const Endpoint endpoint = Endpoint::loopback_v4(ntohs(server.sin_port));
  peers::Answers answers;
  EventLoop loop;
  std::deque<Exchange> exchanges;
  for (int i = 0; i < count; ++i) exchanges.emplace_back(loop, answers).start(endpoint);
  loop.run();
  return answers.report(count);
}
