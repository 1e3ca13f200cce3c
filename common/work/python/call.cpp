#include "work/python/call.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/errors.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

double number_of(const std::string& text, std::string_view whole)
{
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0')
    throw std::runtime_error(fmt::format("'{:.40}' is no value from Python", whole));
  return number;
}

std::vector<std::string> split(std::string_view text, char separator)
{
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// A str on one line, without the tabs and line feeds that stand between values.
std::string escaped(const std::string& text)
{
  std::string result;
  for (const char each : text) {
    if (each == '\n') result += "\\n";
    else if (each == '\t') result += "\\t";
    else if (each == '\\') result += "\\\\";
    else result += each;
  }
  return result;
}

std::string unescaped(const std::string& text)
{
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    const char each = escape ? text[++i] : text[i];
    result += escape && each == 'n' ? '\n' : escape && each == 't' ? '\t' : each;
  }
  return result;
}

struct TextOf {
  std::string operator()(std::int64_t number) const { return fmt::format("i{}", number); }
  std::string operator()(double number) const { return fmt::format("d{}", number); }
  std::string operator()(const std::string& text) const
  {
    return fmt::format("s{}", escaped(text));
  }
  std::string operator()(const std::vector<double>& list) const
  {
    std::string text = "l";
    for (const double each : list) text += fmt::format("{}{}", text.size() == 1 ? "" : " ", each);
    return text;
  }
};

}  // namespace

std::string text_of(const PythonValue& value) { return std::visit(TextOf{}, value); }

PythonValue value_of(std::string_view text)
{
  const std::string rest(text.substr(text.empty() ? 0 : 1));
  switch (text.empty() ? '\0' : text.front()) {
    case 'i':
      number_of(rest, text);
      return std::int64_t{std::strtoll(rest.c_str(), nullptr, 10)};
    case 'd':
      return number_of(rest, text);
    case 's':
      return unescaped(rest);
    case 'l': {
      std::vector<double> list;
      for (const std::string& each : split(rest, ' ')) list.push_back(number_of(each, text));
      return list;
    }
    default:
      throw std::runtime_error(fmt::format("'{:.40}' is no value from Python", text));
  }
}

void send_message(const UniqueFd& fd, std::string_view text)
{
  write_all(fd, fmt::format("{:010}", text.size()));
  write_all(fd, text);
}

std::string receive_message(const UniqueFd& fd)
{
  std::array<char, 10> length;
  if (!read_exactly(fd, length))
    throw SyscallError(EPIPE, "read", "an answer from another process");
  std::string text(std::strtoul(std::string(length.data(), length.size()).c_str(), nullptr, 10),
                   '\0');
  if (!text.empty() && !read_exactly(fd, text))
    throw SyscallError(EPIPE, "read", "an answer from another process");
  return text;
}

PythonPage page_of(const PythonValue& value)
{
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || text->find(' ') == std::string::npos)
    throw std::runtime_error("get_page returned no page");
  const auto space = text->find(' ');
  return {std::atoi(text->c_str()), text->substr(space + 1)};
}

PythonValues values_of_answer(std::string_view answer)
{
  if (answer.starts_with('!')) throw PythonError(std::string(answer.substr(1)));
  PythonValues values;
  for (const std::string& line : split(answer, '\n')) values.push_back(value_of(line));
  return values;
}

}  // namespace two_cakes
