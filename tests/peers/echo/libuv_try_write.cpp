// libuv with uv_try_write(): one buffer for all reads, written at once; only what a client doesn't
// take is copied, for uv_write().
#include <uv.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "../listen.hpp"

namespace {

char shared_buffer[peers::kBufferBytes];

struct Rest {
  uv_write_t request;
  std::string bytes;
};

void close_client(uv_stream_t* client)
{
  auto* handle = reinterpret_cast<uv_handle_t*>(client);
  if (uv_is_closing(handle) == 0)
    uv_close(handle, [](uv_handle_t* closed) { delete reinterpret_cast<uv_tcp_t*>(closed); });
}

void give_buffer(uv_handle_t*, std::size_t, uv_buf_t* buffer)
{
  *buffer = uv_buf_init(shared_buffer, sizeof shared_buffer);
}

void on_read(uv_stream_t* client, ssize_t count, const uv_buf_t* buffer);

// Who never reads is read from no more, until it has taken what there is.
void on_written(uv_write_t* request, int status)
{
  uv_stream_t* client = request->handle;
  delete reinterpret_cast<Rest*>(request);
  if (status < 0) return close_client(client);
  if (uv_stream_get_write_queue_size(client) == 0) uv_read_start(client, give_buffer, on_read);
}

void write_rest(uv_stream_t* client, const char* bytes, std::size_t count)
{
  auto* rest = new Rest{.request = {}, .bytes = std::string(bytes, count)};
  uv_buf_t buffer = uv_buf_init(rest->bytes.data(), static_cast<unsigned>(count));
  if (uv_write(&rest->request, client, &buffer, 1, on_written) != 0) delete rest;
}

void on_read(uv_stream_t* client, ssize_t count, const uv_buf_t* buffer)
{
  if (count < 0) return close_client(client);
  if (count == 0) return;
  uv_buf_t bytes = uv_buf_init(buffer->base, static_cast<unsigned>(count));
  const int written = std::max(uv_try_write(client, &bytes, 1), 0);  // an error shows in uv_write
  if (written == count) return;
  uv_read_stop(client);
  write_rest(client, buffer->base + written, static_cast<std::size_t>(count - written));
}

void on_connection(uv_stream_t* listener, int status)
{
  if (status < 0) return;
  auto* client = new uv_tcp_t;
  uv_tcp_init(listener->loop, client);
  auto* stream = reinterpret_cast<uv_stream_t*>(client);
  if (uv_accept(listener, stream) != 0) return close_client(stream);
  uv_tcp_nodelay(client, 1);
  uv_read_start(stream, give_buffer, on_read);
}

}  // namespace

int main()
{
  std::signal(SIGPIPE, SIG_IGN);  // libuv's manual leaves that to the program
  uv_loop_t* loop = uv_default_loop();
  uv_tcp_t listener;
  uv_tcp_init(loop, &listener);
  const sockaddr_in address = peers::any_loopback_port();
  peers::check(uv_tcp_bind(&listener, reinterpret_cast<const sockaddr*>(&address), 0), "bind");
  auto* stream = reinterpret_cast<uv_stream_t*>(&listener);
  peers::check(uv_listen(stream, peers::kBacklog, on_connection), "listen");
  uv_os_fd_t fd = -1;
  uv_fileno(reinterpret_cast<uv_handle_t*>(&listener), &fd);
  peers::announce("libuv_try_write", fd);
  return uv_run(loop, UV_RUN_DEFAULT);
}
