#include "work/echo_client_process.hpp"

#include <stdexcept>
#include <vector>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "os/child.hpp"
#include "os/files.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

std::vector<std::string> command_line(const EchoLoad& load, int core)
{
  std::vector<std::string> words{executable_folder() + "/echo_client"};
  const auto add = [&words](const char* flag, const std::string& value) {
    words.insert(words.end(), {flag, value});
  };
  add("--target", load.target.to_string());
  add("--clients", std::to_string(load.clients));
  add("--payload-bytes", std::to_string(load.payload_bytes));
  add("--messages-each", std::to_string(load.messages_each));
  add("--warm-up-ms", std::to_string(load.warm_up.count()));
  add("--duration-ms", std::to_string(load.duration.count()));
  add("--patience-ms", std::to_string(load.patience.count()));
  add("--spin-us", std::to_string(load.spin.count()));
  if (load.server != 0) add("--server-pid", std::to_string(load.server));
  if (core >= 0) add("--core", std::to_string(core));
  return words;
}

}  // namespace

EchoFigures run_echo_client_process(const EchoLoad& load, int core)
{
  Pipe said = make_pipe();
  const int fd = said.write_end.get();
  std::vector<std::string> words = command_line(load, core);
  words.insert(words.end(), {"--output-fd", std::to_string(fd)});
  Child client = Child::exec(words, {fd});
  said.write_end.reset();  // or the end of what it says would never show
  std::string text = read_to_end(said.read_end);
  const ExitStatus status = client.wait();
  if (status.good()) return parse_figures(text);
  while (text.ends_with('\n')) text.pop_back();
  if (status.exit_code == kSkipped) throw Skipped(text);
  throw std::runtime_error(text.empty() ? "echo_client: " + status.to_string() : text);
}

}  // namespace two_cakes
