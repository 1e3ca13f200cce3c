// main() of every probe: takes one request from the judge, runs the probe, reports the end.
//
// The channel is a socket, descriptor 3. To the probe, one line: name, word, numbers and faults, with tabs between, then
// perhaps "go". From it, lines of: key, name, value. A line without the key wasn't written by a probe.
#include "probe.hpp"

#include "faults.hpp"
#include "key.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace PROBE_NAMESPACE {
namespace {

struct Named {
  const char* name;
  void (*body)(const Request&);
};

std::vector<Named>& probes()
{
  static std::vector<Named> all;
  return all;
}

/// A line from the judge without its end; false at the end of the channel.
bool read_line(std::string& line)
{
  line.clear();
  for (char letter = 0;;) {
    const auto count = recv(kChannel, &letter, 1, 0);
    if (count == -1 && errno == EINTR) continue;
    if (count <= 0) return false;
    if (letter == '\n') return true;
    line.push_back(letter);
  }
}

/// The text up to the next `separator`, which is taken off `rest` with it.
std::string_view take(std::string_view& rest, char separator)
{
  const auto end = rest.find(separator);
  const auto taken = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return taken;
}

std::vector<std::int64_t> numbers_in(std::string_view text)
{
  std::vector<std::int64_t> numbers;
  while (!text.empty()) {
    const auto word = take(text, ' ');
    std::int64_t number = 0;
    std::from_chars(word.data(), word.data() + word.size(), number);
    numbers.push_back(number);
  }
  return numbers;
}

void run(void (*body)(const Request&), const Request& request)
{
  try {
    body(request);
  } catch (const std::exception& error) {
    observe("threw", error.what());
  } catch (...) {
    observe("threw", "something that is no std::exception");
  }
}

int run_the_named(std::string_view line)
{
  const auto name = take(line, '\t');
  Request request;
  request.word = take(line, '\t');
  request.numbers = numbers_in(take(line, '\t'));
  for (const auto& probe : probes()) {
    if (probe.name != name) continue;
    const auto process = getpid();
    set_faults(line);
    run(probe.body, request);
    set_faults("");
    if (getpid() == process) observe("end", 0);
    return 0;
  }
  observe("no_such_probe", name);
  return 2;
}

}  // namespace

Registered::Registered(const char* name, void (*body)(const Request&)) { probes().push_back({name, body}); }

void observe(std::string_view name, std::string_view value)
{
  std::string line{name};
  line.push_back(' ');
  for (const char letter : value) line.push_back(letter == '\n' ? ' ' : letter);
  line.push_back('\n');
  send_with_key(line);
}

void observe(std::string_view name, std::int64_t value)
{
  observe(name, std::string_view{std::to_string(value)});
}

void observe(std::string_view name, double value)
{
  char text[32];
  const auto length = std::snprintf(text, sizeof text, "%.17g", value);
  observe(name, std::string_view{text, static_cast<std::size_t>(length)});
}

bool wait_for_judge()
{
  std::string line;
  return read_line(line);
}

}  // namespace PROBE_NAMESPACE

int main()
{
  fcntl(kChannel, F_SETFD, FD_CLOEXEC);
  observe("ready", static_cast<std::int64_t>(getpid()));
  std::string line;
  if (!read_line(line)) {
    std::fputs("This program is run by the grader: make grade\n", stderr);
    return 2;
  }
  return run_the_named(line);
}
