// Answer: the bytes of one HTTP answer, made piece by piece.
#pragma once

#include <cstddef>
#include <string>

#include "request_plan.hpp"

namespace two_cakes::slow_server {

/// How a request was put, as far as it decides the form of its answer.
struct Framing {
  bool is_http_1_1 = true;       // false for HTTP/1.0
  bool wants_head_only = false;  // HEAD
  bool keep_alive = true;        // the connection goes on after the answer
};

/// One answer. A big body never exists as a whole: 1,000 waiting answers of 16 MiB cost no more
/// memory than 1,000 small ones. Nothing here blocks or throws (save std::bad_alloc).
class Answer {
 public:
  Answer(RequestPlan plan, Framing framing);

  /// Appends the next piece, about 64 KiB at most, to `output`. The first one has the head, and
  /// the whole of a small answer.
  void append_piece(std::string& output);
  /// True when there is no piece left.
  [[nodiscard]] bool done() const { return head_made_ && made_bytes_ == end_bytes_; }

 private:
  void append_head(std::string& output) const;
  void append_body(std::string& output, std::size_t count);
  [[nodiscard]] bool may_have_body() const;

  RequestPlan plan_;
  Framing framing_;
  std::size_t body_bytes_;      // what the head announces
  std::size_t end_bytes_;       // what is sent: less for HEAD, and where the answer breaks off
  std::size_t made_bytes_ = 0;  // what has been appended
  bool head_made_ = false;
};

}  // namespace two_cakes::slow_server
