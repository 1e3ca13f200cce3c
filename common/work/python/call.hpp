// What goes into a Python function, and what comes out of it, without a line of Python's own
// headers.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/unique_fd.hpp"

namespace two_cakes {

/// An int, a float, a str, or a list of floats.
using PythonValue = std::variant<std::int64_t, double, std::string, std::vector<double>>;
using PythonValues = std::vector<PythonValue>;

struct PythonCall {
  std::string function;  // of chapter.py, or of the script that was given instead
  PythonValues arguments;
};
using PythonCalls = std::vector<PythonCall>;

/// A Python function raised. what() is one line, "ValueError: too small"; the traceback went to
/// stderr.
class PythonError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// As text, to be sent to another process: i25, d0.5, sabc, l0.1 0.2. Floats come back exactly as
/// they were.
std::string text_of(const PythonValue& value);
/// The value again. Throws std::runtime_error where the text is none.
PythonValue value_of(std::string_view text);

/// A message between processes: its length in ten digits, then its text. Both block;
/// receive_message throws SyscallError (EPIPE) where the other end has closed.
void send_message(const UniqueFd& fd, std::string_view text);
std::string receive_message(const UniqueFd& fd);

/// What get_page returns, "200 body", taken apart. Throws std::runtime_error where it is something
/// else.
struct PythonPage {
  int status = 0;
  std::string body;
};
PythonPage page_of(const PythonValue& value);

/// An answer's lines as values. Throws PythonError where it is `!` and a reason.
PythonValues values_of_answer(std::string_view answer);

}  // namespace two_cakes
