#include "work/slow_server_process.hpp"

#include <charconv>
#include <stdexcept>

#include "os/files.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

SlowServerProcess::SlowServerProcess()
{
  Pipe ready = make_pipe();
  const int ready_fd = ready.write_end.get();
  child_ = Child::exec(
      {executable_folder() + "/slow_server", "--port", "0", "--ready-fd", std::to_string(ready_fd)},
      {ready_fd});
  ready.write_end.reset();  // or the end of a server that failed would never show

  const std::string text = read_to_end(ready.read_end);
  std::uint16_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  if (port == 0) {
    const std::string end = child_->wait().to_string();
    throw std::runtime_error("the slow server did not start: " + (text.empty() ? end : text));
  }
  endpoint_ = Endpoint::loopback_v4(port);
}

}  // namespace two_cakes
