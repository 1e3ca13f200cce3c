#include "answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <string_view>
#include <utility>

namespace two_cakes::slow_server {

namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;

std::string_view reason_phrase(int status)
{
  namespace http = boost::beast::http;
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  return {reason.data(), reason.size()};
}

}  // namespace

Answer::Answer(RequestPlan plan, Framing framing)
    : plan_(std::move(plan)),
      framing_(framing),
      body_bytes_(plan_.bytes.value_or(plan_.text.size())),
      end_bytes_(framing_.wants_head_only || !may_have_body() ? 0 : body_bytes_)
{
  if (!framing_.is_http_1_1) plan_.chunked = false;  // HTTP/1.0 knows no chunks
  if (plan_.fault == Fault::kClose) end_bytes_ /= 2;
}

void Answer::append_piece(std::string& output)
{
  const bool breaks_off = plan_.fault == Fault::kClose;
  if (!head_made_) {
    head_made_ = true;
    const auto start = output.size();
    append_head(output);
    // Without a body, the middle of the answer is the middle of its head.
    if (breaks_off && end_bytes_ == 0) output.resize(start + (output.size() - start) / 2);
  }
  // Two chunks at least, so that a client which reads only the first is found out.
  const auto piece = plan_.chunked ? std::min(kPieceBytes, (body_bytes_ + 1) / 2) : kPieceBytes;
  const auto count = std::min(piece, end_bytes_ - made_bytes_);
  const bool as_chunk = plan_.chunked && count > 0;
  if (as_chunk) output += fmt::format("{:x}\r\n", count);
  append_body(output, count);
  if (as_chunk) output += "\r\n";
  const bool has_body = may_have_body() && !framing_.wants_head_only;
  if (plan_.chunked && has_body && done() && !breaks_off) output += "0\r\n\r\n";
}

void Answer::append_head(std::string& output) const
{
  output += fmt::format("HTTP/1.1 {} {}\r\nContent-Type: text/plain\r\n", plan_.status,
                        reason_phrase(plan_.status));
  if (may_have_body()) {
    output += plan_.chunked ? "Transfer-Encoding: chunked"
                            : "Content-Length: " + std::to_string(body_bytes_);
    output += "\r\n";
  }
  // HTTP/1.1 goes on unless somebody says "close"; a client of HTTP/1.0 must be told that it may.
  if (!framing_.keep_alive) output += "Connection: close\r\n";
  if (framing_.keep_alive && !framing_.is_http_1_1) output += "Connection: keep-alive\r\n";
  output += "\r\n";
}

void Answer::append_body(std::string& output, std::size_t count)
{
  const std::string& text = plan_.text;
  for (const auto end = made_bytes_ + count; made_bytes_ < end;) {
    const auto from = made_bytes_ % text.size();
    const auto part = std::min(text.size() - from, end - made_bytes_);
    output.append(text, from, part);
    made_bytes_ += part;
  }
}

/// Answers with these two end with their head, whatever it says (RFC 7230, section 3.3.3).
bool Answer::may_have_body() const { return plan_.status != 204 && plan_.status != 304; }

}  // namespace two_cakes::slow_server
