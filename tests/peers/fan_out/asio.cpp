// asio with callbacks: connect, write, and read to the end.
#include <asio.hpp>
#include <deque>
#include <string>

#include "request.hpp"

namespace {

using asio::ip::tcp;

class Exchange {
 public:
  Exchange(asio::io_context& context, peers::Answers& answers) : socket_(context), answers_(answers)
  {
  }

  void start(const tcp::endpoint& server)
  {
    socket_.async_connect(server, [this](std::error_code error) {
      if (!error) write();
    });
  }

 private:
  void write()
  {
    asio::async_write(socket_, asio::buffer(peers::kRequest), [this](std::error_code error, auto) {
      if (!error) read();
    });
  }
  void read()
  {
    socket_.async_read_some(asio::buffer(bytes_), [this](std::error_code error, std::size_t count) {
      text_.append(bytes_, count);
      if (!error) return read();
      answers_.add(text_);
      socket_.close(error);
    });
  }

  tcp::socket socket_;
  peers::Answers& answers_;
  char bytes_[peers::kAnswerBytes];
  std::string text_;
};

}  // namespace

int main(int argc, char** argv)
{
  const auto [server, count] = peers::read_arguments(argc, argv);
  peers::Answers answers;
  asio::io_context context(ASIO_CONCURRENCY_HINT_UNSAFE);
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), ntohs(server.sin_port));
  std::deque<Exchange> exchanges;
  for (int i = 0; i < count; ++i) exchanges.emplace_back(context, answers).start(endpoint);
  context.run();
  return answers.report(count);
}
