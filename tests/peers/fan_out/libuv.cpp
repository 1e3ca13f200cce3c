// libuv: connect, write, and read to the end, a callback each.
#include <uv.h>

#include <deque>
#include <string>

#include "request.hpp"

namespace {

peers::Answers* answers;
char shared_buffer[peers::kAnswerBytes];

struct Exchange {
  uv_tcp_t socket;
  uv_connect_t connecting;
  uv_write_t writing;
  std::string text;
};

Exchange& exchange_of(uv_stream_t* stream) { return *static_cast<Exchange*>(stream->data); }

void on_read(uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer)
{
  Exchange& exchange = exchange_of(stream);
  if (count > 0) exchange.text.append(buffer->base, static_cast<std::size_t>(count));
  if (count >= 0) return;
  answers->add(exchange.text);
  uv_close(reinterpret_cast<uv_handle_t*>(stream), nullptr);
}

void on_connected(uv_connect_t* request, int status)
{
  uv_stream_t* stream = request->handle;
  if (status < 0) return uv_close(reinterpret_cast<uv_handle_t*>(stream), nullptr);
  uv_buf_t bytes = uv_buf_init(const_cast<char*>(peers::kRequest.data()), peers::kRequest.size());
  if (uv_try_write(stream, &bytes, 1) < 0)
    uv_write(&exchange_of(stream).writing, stream, &bytes, 1, nullptr);
  const auto give_buffer = [](uv_handle_t*, std::size_t, uv_buf_t* buffer) {
    *buffer = uv_buf_init(shared_buffer, sizeof shared_buffer);
  };
  uv_read_start(stream, give_buffer, on_read);
}

}  // namespace

int main(int argc, char** argv)
{
  const auto [server, count] = peers::read_arguments(argc, argv);
  peers::Answers here;
  answers = &here;
  uv_loop_t* loop = uv_default_loop();
  std::deque<Exchange> exchanges(static_cast<std::size_t>(count));
  for (Exchange& exchange : exchanges) {
    uv_tcp_init(loop, &exchange.socket);
    exchange.socket.data = &exchange;
    uv_tcp_connect(&exchange.connecting, &exchange.socket,
                   reinterpret_cast<const sockaddr*>(&server), on_connected);
  }
  uv_run(loop, UV_RUN_DEFAULT);
  return here.report(count);
}
