// RequestParser: Beast's HTTP parser, told to keep nothing but what the slow server needs.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <utility>

#include "answer.hpp"
#include "request_plan.hpp"

namespace two_cakes::slow_server {

/// The most that a request's body may have; it is read to its end and dropped.
inline constexpr std::uint64_t kLongestRequestBodyBytes = 16 * 1024 * 1024;

/// Parses one request, from any number of put() calls. Beast's http::request_parser would store
/// every header field in a heap node of its own; this one looks at each field as it passes.
class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser();

  /// What the request asks for; if its query is bad, the answer 400 at once with the reason.
  /// Valid once is_done(). Meant to be moved from.
  [[nodiscard]] RequestPlan& plan() { return plan_; }
  /// How the answer must be put. Valid once is_done().
  [[nodiscard]] Framing framing() const { return {is_http_1_1_, wants_head_only_, keep_alive()}; }
  /// True, once per request, if the client waits for "100 Continue" before it sends its body.
  bool take_expectation() { return std::exchange(expects_continue_, false); }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, string_view method_text, string_view target,
                       int version, error_code& error) override;
  void on_field_impl(boost::beast::http::field name, string_view name_text, string_view value,
                     error_code& error) override;
  void on_header_impl(error_code& error) override;

  // The rest of Beast's interface: a body is dropped, and a request is never a response.
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override
  {
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  RequestPlan plan_;
  bool wants_head_only_ = false;
  bool is_http_1_1_ = true;
  bool expects_continue_ = false;
  bool has_transfer_encoding_ = false;
};

}  // namespace two_cakes::slow_server
