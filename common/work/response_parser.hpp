// nodejs' HTTP parser under one name: llhttp, or its predecessor http_parser, with the same
// callbacks. Distributions carry one of them.
#pragma once

#include <cstddef>

#if __has_include(<llhttp.h>)
#include <llhttp.h>

namespace two_cakes {

using ResponseParser = llhttp_t;
using ResponseCallbacks = llhttp_settings_t;

/// Makes `parser` ready for one response. `callbacks` must outlive it.
inline void start_parsing(ResponseParser& parser, ResponseCallbacks& callbacks)
{
  llhttp_init(&parser, HTTP_RESPONSE, &callbacks);
}

/// Takes `size` bytes; none says that the connection closed. False where they are no HTTP.
inline bool parse(ResponseParser& parser, const ResponseCallbacks&, const char* data,
                  std::size_t size)
{
  return (size == 0 ? llhttp_finish(&parser) : llhttp_execute(&parser, data, size)) == HPE_OK;
}

/// The name of what was wrong.
inline const char* parse_problem(const ResponseParser& parser)
{
  return llhttp_errno_name(static_cast<llhttp_errno_t>(parser.error));
}

}  // namespace two_cakes

#else
#include <http_parser.h>

namespace two_cakes {

using ResponseParser = http_parser;
using ResponseCallbacks = http_parser_settings;

/// Makes `parser` ready for one response.
inline void start_parsing(ResponseParser& parser, ResponseCallbacks&)
{
  http_parser_init(&parser, HTTP_RESPONSE);
}

/// Takes `size` bytes; none says that the connection closed. False where they are no HTTP.
inline bool parse(ResponseParser& parser, const ResponseCallbacks& callbacks, const char* data,
                  std::size_t size)
{
  http_parser_execute(&parser, &callbacks, data, size);
  return HTTP_PARSER_ERRNO(&parser) == HPE_OK;
}

/// The name of what was wrong.
inline const char* parse_problem(const ResponseParser& parser)
{
  return http_errno_name(HTTP_PARSER_ERRNO(&parser));
}

}  // namespace two_cakes

#endif
