// stop_and_wait: the client of the first chapters. It sends a line, and does nothing before that
// line has come back: one line is on its way at a time, and the long line to the server is empty.
#include <algorithm>
#include <array>

#include "models.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

/// Sends one line, and copies as many bytes as it has, once they are back.
void exchange(const Session& session, std::string_view line)
{
  write_all_blocking(session.socket, line, session.deadline);
  std::array<char, 4096> buffer;
  for (std::size_t left = line.size(); left > 0;) {
    const auto part = std::span(buffer).first(std::min(left, buffer.size()));
    const std::size_t size = read_some_blocking(session.socket, part, session.deadline);
    if (size == 0) return;  // what is missing is found in the output
    write_all(session.output, {buffer.data(), size});
    left -= size;
  }
}

}  // namespace

void run_stop_and_wait(const Session& session)
{
  std::string text;  // read and not sent yet
  std::array<char, 4096> buffer;
  while (const std::size_t size = read_input(session, buffer)) {
    text.append(buffer.data(), size);
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      exchange(session, std::string_view(text).substr(0, end + 1));
      text.erase(0, end + 1);
    }
  }
  end_sending(session);
  receive_output(session);
}

}  // namespace two_cakes
