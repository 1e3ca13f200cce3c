// libuv with uv_write(): a read's bytes and the request that writes them are one block of memory,
// taken from a free list, since libuv keeps it until its callback.
#include <uv.h>

#include <csignal>
#include <cstddef>
#include <vector>

#include "../listen.hpp"

namespace {

constexpr std::size_t kMostUnsent = 256 * 1024;

struct Block {
  uv_write_t request;
  char bytes[peers::kBufferBytes];
};
std::vector<Block*> free_blocks;

void give_block(uv_handle_t*, std::size_t, uv_buf_t* buffer)
{
  Block* block = free_blocks.empty() ? new Block : free_blocks.back();
  if (!free_blocks.empty()) free_blocks.pop_back();
  *buffer = uv_buf_init(block->bytes, sizeof block->bytes);
}

Block* block_of(char* bytes) { return reinterpret_cast<Block*>(bytes - offsetof(Block, bytes)); }

void close_client(uv_stream_t* client)
{
  auto* handle = reinterpret_cast<uv_handle_t*>(client);
  if (uv_is_closing(handle) == 0)
    uv_close(handle, [](uv_handle_t* closed) { delete reinterpret_cast<uv_tcp_t*>(closed); });
}

void on_read(uv_stream_t* client, ssize_t count, const uv_buf_t* buffer);

// Who never reads is read from no more, until it has taken what there is.
void on_written(uv_write_t* request, int status)
{
  uv_stream_t* client = request->handle;
  free_blocks.push_back(reinterpret_cast<Block*>(request));
  if (status < 0) return close_client(client);
  if (client->data == nullptr || uv_stream_get_write_queue_size(client) > 0) return;
  client->data = nullptr;
  uv_read_start(client, give_block, on_read);
}

void stop_reading_if_deaf(uv_stream_t* client)
{
  if (uv_stream_get_write_queue_size(client) < kMostUnsent) return;
  client->data = client;  // stopped
  uv_read_stop(client);
}

void on_read(uv_stream_t* client, ssize_t count, const uv_buf_t* buffer)
{
  Block* block = buffer->base == nullptr ? nullptr : block_of(buffer->base);
  uv_buf_t bytes = uv_buf_init(buffer->base, count > 0 ? static_cast<unsigned>(count) : 0);
  if (count > 0 && uv_write(&block->request, client, &bytes, 1, on_written) == 0)
    return stop_reading_if_deaf(client);
  if (block != nullptr) free_blocks.push_back(block);
  if (count < 0) close_client(client);
}

void on_connection(uv_stream_t* listener, int status)
{
  if (status < 0) return;
  auto* client = new uv_tcp_t{};
  uv_tcp_init(listener->loop, client);
  auto* stream = reinterpret_cast<uv_stream_t*>(client);
  if (uv_accept(listener, stream) != 0) return close_client(stream);
  uv_tcp_nodelay(client, 1);
  uv_read_start(stream, give_block, on_read);
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
  peers::announce("libuv", fd);
  return uv_run(loop, UV_RUN_DEFAULT);
}
