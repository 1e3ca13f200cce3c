#include "connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

namespace two_cakes::slow_server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t kMostPending = 64;  // pipelined requests; then reading stops for a while
constexpr std::size_t kHeadRoomBytes = 512;
constexpr std::size_t kBodyRoomBytes = 64 * 1024;
constexpr std::size_t kKeptOutputBytes = 1024;  // an idle connection keeps no bigger buffer
constexpr std::chrono::milliseconds kDribbleGap{1};
constexpr std::chrono::seconds kLongestLinger{2};

int refusal_status(const boost::system::error_code& error)
{
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit) return 431;
  return 400;
}

}  // namespace

Connection::Connection(Socket socket, Shared& shared)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      shared_(shared)
{
}

void Connection::start()
{
  error_code error;
  socket_.non_blocking(true, error);
  if (!error) read();
}

// ---- what every event leads to

void Connection::advance()
{
  bool was_full = true;
  while (was_full) {
    if (!reading_) queue_requests();  // while a read is under way, input_ belongs to it
    was_full = pending_.size() >= kMostPending;
    send_due_answers();
    if (!socket_.is_open() || pending_.size() >= kMostPending) return;
  }
  if (pending_.empty() && input_ended_) return depart();
  if (pending_.empty() && owes_continue_) send_continue();
  if (!reading_ && !input_ended_) read();
}

// ---- requests

void Connection::read()
{
  const bool expects_much = refused_ || parser_->is_header_done();
  reading_ = true;
  socket_.async_read_some(input_.prepare(expects_much ? kBodyRoomBytes : kHeadRoomBytes),
                          [self = shared_from_this()](const error_code& error, std::size_t count) {
                            self->on_read(error, count);
                          });
}

void Connection::on_read(const error_code& error, std::size_t count)
{
  reading_ = false;
  if (!socket_.is_open()) return;
  if (error && error != asio::error::eof) return close();
  read_at_ = Clock::now();
  input_.commit(count);
  // At the end of the input, the client has gone or it has only nothing more to ask
  // (shutdown(SHUT_WR)); TCP does not tell which. So what is pending is still answered.
  input_ended_ = error == asio::error::eof;
  if (input_ended_ && parser_->got_some()) refuse(400, "the request ended in its middle");
  advance();
}

void Connection::queue_requests()
{
  while (!dropping_input_ && input_.size() > 0 && pending_.size() < kMostPending) {
    const char first = *static_cast<const char*>(input_.cdata().data());
    if (!parser_->got_some() && (first == '\r' || first == '\n')) {
      input_.consume(1);  // some clients end a body with a line break that is not part of it
      continue;
    }
    error_code error;
    input_.consume(parser_->put(input_.cdata(), error));
    if (error && error != http::error::need_more) {
      refuse(refusal_status(error), error.message());
    } else if (parser_->is_done()) {
      queue_answer();
    } else {
      if (parser_->is_header_done() && parser_->take_expectation()) owes_continue_ = true;
      // Beast limits the header, but not what may stand in the first line of a chunk.
      if (error && input_.size() >= kBodyRoomBytes) refuse(400, "the chunk has too long a header");
      if (error) break;
    }
  }
  if (dropping_input_) input_.clear();
  if (input_.size() == 0 && input_.capacity() >= kBodyRoomBytes) input_.shrink_to_fit();
}

void Connection::queue_answer()
{
  const auto framing = parser_->framing();
  RequestPlan plan = std::move(parser_->plan());
  const auto due = read_at_ + (plan.delay ? *plan.delay : shared_.delays.draw());
  const auto fault = plan.fault;
  dropping_input_ = !framing.keep_alive || fault == Fault::kClose;
  pending_.push_back({Answer{std::move(plan), framing}, due, fault, dropping_input_});
  owes_continue_ = false;
  parser_.emplace();
}

void Connection::refuse(int status, std::string why)
{
  const RequestPlan plan{.text = std::move(why) + '\n', .status = status};
  pending_.push_back({Answer{plan, {.keep_alive = false}}, read_at_, Fault::kNone, true});
  refused_ = true;
  dropping_input_ = true;
  owes_continue_ = false;
  parser_.emplace();
}

void Connection::send_continue()
{
  owes_continue_ = false;
  error_code error;  // a client that can't be told sends its body after a while all the same
  socket_.write_some(asio::buffer(std::string_view{"HTTP/1.1 100 Continue\r\n\r\n"}), error);
}

// ---- answers

void Connection::send_due_answers()
{
  while (!waiting_ && !pending_.empty() && socket_.is_open()) {
    auto& first = pending_.front();
    if (first.due > Clock::now()) return wait_until(first.due);
    if (first.fault == Fault::kReset) return reset();
    if (first.fault == Fault::kNever) {
      pending_.clear();
      dropping_input_ = true;
      return;
    }
    if (!send(first)) return;
    const bool was_last = first.is_last;
    pending_.erase(pending_.begin());
    if (was_last) return finish();
  }
}

/// Sends as much as there is room for; true if that was all.
bool Connection::send(Pending& pending)
{
  if (sent_bytes_ == output_.size()) {
    output_.clear();
    sent_bytes_ = 0;
    pending.answer.append_piece(output_);
  }
  const bool dribbles = pending.fault == Fault::kDribble;
  const auto count = dribbles ? 1 : output_.size() - sent_bytes_;
  error_code error;
  sent_bytes_ += socket_.write_some(asio::buffer(output_.data() + sent_bytes_, count), error);
  if (error && error != asio::error::would_block) {
    close();
    return false;
  }
  if (sent_bytes_ == output_.size() && pending.answer.done()) {
    if (output_.capacity() > kKeptOutputBytes) output_ = std::string{};
    sent_bytes_ = output_.size();
    return true;
  }
  // After each piece the other connections get their turn, even where there is still room.
  if (dribbles && !error) {
    wait_until(Clock::now() + kDribbleGap);
  } else {
    wait_until_writable();
  }
  return false;
}

// ---- waits

void Connection::wait_until(Clock::time_point time)
{
  waiting_ = true;
  timer_.expires_at(time);
  timer_.async_wait([self = shared_from_this()](const error_code&) {
    self->waiting_ = false;
    if (!self->socket_.is_open()) return;
    if (self->lingering_) return self->close();
    self->advance();
  });
}

void Connection::wait_until_writable()
{
  waiting_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const error_code&) {
    self->waiting_ = false;
    if (self->socket_.is_open()) self->advance();
  });
}

// ---- ends

/// Ends the connection after its last answer. After a refusal the client may still be sending:
/// closing now would reset the connection, and take the answer away from under the client.
void Connection::finish()
{
  if (!refused_ || input_ended_) return close();
  error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  lingering_ = true;
  wait_until(Clock::now() + kLongestLinger);
}

void Connection::reset()
{
  error_code error;
  socket_.set_option(asio::socket_base::linger(true, 0), error);  // close() then sends RST
  close();
}

/// Ends a connection that its client has ended. To close a socket takes the kernel longer than to
/// send an answer, and nobody waits for it: answers that are due go first.
void Connection::depart()
{
  shared_.departed.push_back(std::move(socket_));
  timer_.cancel();  // its handler holds this connection
}

void Connection::close()
{
  error_code error;
  socket_.close(error);
  timer_.cancel();
}

}  // namespace two_cakes::slow_server
