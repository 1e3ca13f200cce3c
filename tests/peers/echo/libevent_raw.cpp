// libevent as a notifier: it says that a client is ready, and the program calls recv() and send().
#include <event2/event.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "../listen.hpp"

namespace {

char buffer[peers::kBufferBytes];

struct Client {
  event* readable = nullptr;
  event* writable = nullptr;  // made when it is needed first
  std::string unsent;
};

void close_client(Client* client, int fd)
{
  event_free(client->readable);
  if (client->writable != nullptr) event_free(client->writable);
  ::close(fd);
  delete client;
}

/// Nothing more is read until the rest has been taken.
void on_writable(int fd, short, void* data)
{
  auto* client = static_cast<Client*>(data);
  const ssize_t sent = ::send(fd, client->unsent.data(), client->unsent.size(), MSG_NOSIGNAL);
  if (sent == -1 && errno != EAGAIN) return close_client(client, fd);
  client->unsent.erase(0, sent == -1 ? 0 : static_cast<std::size_t>(sent));
  if (client->unsent.empty()) {
    event_del(client->writable);
    event_add(client->readable, nullptr);
  }
}

void on_readable(int fd, short, void* data)
{
  auto* client = static_cast<Client*>(data);
  const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
  if (got == -1 && errno == EAGAIN) return;
  if (got <= 0) return close_client(client, fd);
  const ssize_t sent = ::send(fd, buffer, static_cast<std::size_t>(got), MSG_NOSIGNAL);
  if (sent == got) return;
  if (sent == -1 && errno != EAGAIN) return close_client(client, fd);
  client->unsent.assign(buffer + (sent == -1 ? 0 : sent), buffer + got);
  if (client->writable == nullptr)
    client->writable =
        event_new(event_get_base(client->readable), fd, EV_WRITE | EV_PERSIST, on_writable, client);
  event_del(client->readable);
  event_add(client->writable, nullptr);
}

void on_connection(int listener, short, void* base)
{
  for (int fd; (fd = peers::accept_client(listener)) >= 0;) {
    auto* client = new Client;
    client->readable =
        event_new(static_cast<event_base*>(base), fd, EV_READ | EV_PERSIST, on_readable, client);
    event_add(client->readable, nullptr);
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
  const int listener = peers::listen_and_announce("libevent_raw");
  event_add(event_new(base, listener, EV_READ | EV_PERSIST, on_connection, base), nullptr);
  return event_base_dispatch(base);
}
