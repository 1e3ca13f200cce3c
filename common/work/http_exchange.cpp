#include "work/http_exchange.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "work/response_parser.hpp"

namespace two_cakes {

struct HttpExchange::State {
  std::string request;
  std::size_t sent_bytes = 0;
  std::string head;
  bool in_value = false;  // what was added last to the head is a header's value, not its name
  std::string body;
  bool finished = false;
  ResponseParser parser{};
  ResponseCallbacks callbacks{};
};

namespace {

// The parser hands out names and values in pieces, as they come: a name is complete when its value
// begins, a value when the next name does.
template <class State>
ResponseCallbacks callbacks_of()
{
  ResponseCallbacks callbacks{};
  callbacks.on_header_field = [](ResponseParser* parser, const char* text, std::size_t size) {
    auto& state = *static_cast<State*>(parser->data);
    if (std::exchange(state.in_value, false)) state.head.push_back('\n');
    state.head.append(text, size);
    return 0;
  };
  callbacks.on_header_value = [](ResponseParser* parser, const char* text, std::size_t size) {
    auto& state = *static_cast<State*>(parser->data);
    if (!std::exchange(state.in_value, true)) state.head.append(": ");
    state.head.append(text, size);
    return 0;
  };
  callbacks.on_body = [](ResponseParser* parser, const char* text, std::size_t size) {
    static_cast<State*>(parser->data)->body.append(text, size);
    return 0;
  };
  callbacks.on_message_complete = [](ResponseParser* parser) {
    auto& state = *static_cast<State*>(parser->data);
    state.finished = parser->status_code >= 200;  // 103 and its like only announce the answer
    if (state.finished) return -1;                // stop here: what follows is none of this answer
    state.head.clear();
    state.in_value = false;
    return 0;
  };
  return callbacks;
}

}  // namespace

HttpExchange::HttpExchange(std::string_view host, std::string_view path)
    : state_(std::make_unique<State>())
{
  state_->request = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", path, host);
  state_->callbacks = callbacks_of<State>();
  start_parsing(state_->parser, state_->callbacks);
  state_->parser.data = state_.get();
}

HttpExchange::HttpExchange(HttpExchange&&) noexcept = default;
HttpExchange& HttpExchange::operator=(HttpExchange&&) noexcept = default;
HttpExchange::~HttpExchange() = default;

std::string_view HttpExchange::unsent() const
{
  return std::string_view(state_->request).substr(state_->sent_bytes);
}

void HttpExchange::sent(std::size_t bytes) { state_->sent_bytes += bytes; }

void HttpExchange::feed(std::span<const char> bytes)
{
  const bool good = parse(state_->parser, state_->callbacks, bytes.data(), bytes.size());
  if (state_->finished) return;
  if (bytes.empty()) throw std::runtime_error("the connection closed before the answer was whole");
  if (!good)
    throw std::runtime_error(
        fmt::format("the answer is no HTTP: {}", parse_problem(state_->parser)));
}

bool HttpExchange::finished() const { return state_->finished; }
int HttpExchange::status() const { return static_cast<int>(state_->parser.status_code); }
const std::string& HttpExchange::body() const { return state_->body; }
const std::string& HttpExchange::head() const { return state_->head; }

}  // namespace two_cakes
