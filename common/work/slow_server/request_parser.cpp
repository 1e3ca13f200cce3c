#include "request_parser.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace two_cakes::slow_server {

namespace http = boost::beast::http;

RequestParser::RequestParser()
{
  body_limit(kLongestRequestBodyBytes);
  eager(true);  // one put() goes through the header and as much of the body as there is
}

void RequestParser::on_request_impl(http::verb method, string_view, string_view target, int version,
                                    error_code&)
{
  wants_head_only_ = method == http::verb::head;
  is_http_1_1_ = version == 11;
  try {
    plan_ = plan_request({target.data(), target.size()});
  } catch (const BadRequest& bad) {
    plan_.delay = std::chrono::nanoseconds{0};
    plan_.text = std::string{bad.what()} + '\n';
    plan_.status = 400;
  }
}

void RequestParser::on_field_impl(http::field name, string_view, string_view value, error_code&)
{
  if (name == http::field::transfer_encoding) has_transfer_encoding_ = true;
  if (name == http::field::expect) {
    expects_continue_ = is_http_1_1_ && boost::beast::iequals(value, "100-continue");
  }
}

void RequestParser::on_header_impl(error_code& error)
{
  // Beast lets "Transfer-Encoding: gzip" pass as if there were no body: the body would then be
  // read as the next request.
  if (has_transfer_encoding_ && !chunked()) error = http::error::bad_transfer_encoding;
}

}  // namespace two_cakes::slow_server
