// libevent's bufferevents: it reads and writes by itself; the program moves what has come from one
// buffer to the other, without a copy.
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "../listen.hpp"

namespace {

constexpr std::size_t kMostUnsent = 256 * 1024;

void on_read(bufferevent* client, void*)
{
  evbuffer* output = bufferevent_get_output(client);
  bufferevent_read_buffer(client, output);
  // Who never reads is read from no more; on_drained() begins again.
  if (evbuffer_get_length(output) > kMostUnsent) bufferevent_disable(client, EV_READ);
}

void on_drained(bufferevent* client, void*)
{
  if ((bufferevent_get_enabled(client) & EV_READ) == 0) bufferevent_enable(client, EV_READ);
}

void on_event(bufferevent* client, short what, void*)
{
  if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0) bufferevent_free(client);
}

void on_connection(int listener, short, void* base)
{
  for (int fd; (fd = peers::accept_client(listener)) >= 0;) {
    bufferevent* client =
        bufferevent_socket_new(static_cast<event_base*>(base), fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(client, on_read, on_drained, on_event, nullptr);
    bufferevent_enable(client, EV_READ | EV_WRITE);
  }
}

}  // namespace

int main()
{
  event_config* config = event_config_new();
  event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
  event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
  event_base* base = event_base_new_with_config(config);
  event_config_free(config);
  const int listener = peers::listen_and_announce("libevent_buffered");
  event_add(event_new(base, listener, EV_READ | EV_PERSIST, on_connection, base), nullptr);
  return event_base_dispatch(base);
}
