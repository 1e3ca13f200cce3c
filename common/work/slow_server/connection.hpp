// Connection: one client of the slow server, from accept to close.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "answer.hpp"
#include "delays.hpp"
#include "request_parser.hpp"
#include "request_plan.hpp"

namespace two_cakes::slow_server {

using Clock = std::chrono::steady_clock;
using Executor = boost::asio::io_context::executor_type;  // not any_io_executor: no indirection
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

/// What the connections of one server share.
struct Shared {
  Delays delays;                 // for the requests that name no delay
  std::vector<Socket> departed;  // clients have left these; the server closes them when it has time
};

/// Reads requests all the time, queues an answer for each, and sends the answers in order, none
/// before it is due. A delay counts from the moment that its request was read, so pipelined
/// requests wait side by side and not one after the other.
///
/// All on the one thread that runs the io_context. Owned by the operations it has under way: it
/// goes away with the last of them. A broken connection closes itself and troubles nobody else.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// `shared` must outlive the connection.
  Connection(Socket socket, Shared& shared);

  /// Starts to read; returns at once.
  void start();

 private:
  using error_code = boost::system::error_code;

  /// An answer that waits for its moment, or for its turn.
  struct Pending {
    Answer answer;
    Clock::time_point due;
    Fault fault = Fault::kNone;
    bool is_last = false;  // the connection ends after it
  };

  void read();
  void on_read(const error_code& error, std::size_t count);
  void advance();
  void queue_requests();
  void queue_answer();
  void refuse(int status, std::string why);
  void send_due_answers();
  bool send(Pending& pending);
  void send_continue();
  void wait_until(Clock::time_point time);
  void wait_until_writable();
  void finish();
  void reset();
  void depart();
  void close();

  Socket socket_;
  Timer timer_;
  Shared& shared_;
  boost::beast::flat_buffer input_;
  std::optional<RequestParser> parser_{std::in_place};  // a new one for each request
  std::vector<Pending> pending_;                        // in the order of their requests
  std::string output_;           // the piece of the first answer that is being sent
  std::size_t sent_bytes_ = 0;   // of output_
  Clock::time_point read_at_;    // when the newest bytes of input_ were read
  bool reading_ = false;         // a read is under way
  bool waiting_ = false;         // for a time or for room to write
  bool dropping_input_ = false;  // no more requests are taken
  bool input_ended_ = false;     // the client sends no more
  bool owes_continue_ = false;   // the client waits for "100 Continue"
  bool refused_ = false;         // a bad request was read
  bool lingering_ = false;       // the last answer is out; the client may still be sending
};

}  // namespace two_cakes::slow_server
