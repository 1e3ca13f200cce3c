#include "serve_alone.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <thread>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "os/affinity.hpp"
#include "os/files.hpp"
#include "os/limits.hpp"
#include "os/socket.hpp"

namespace two_cakes {
namespace {

const Model& find_model(std::span<const Model> models, const std::string& name)
{
  std::string known;
  for (const Model& model : models) {
    if (model.name == name) return model;
    known += std::string(known.empty() ? "" : ", ") + model.name;
  }
  throw UsageError(fmt::format("--serve: unknown model '{}'; waiting_models has {}", name, known));
}

UniqueFd listen_or_explain(int port)
{
  try {
    return listen_on(Endpoint::loopback_v4(static_cast<std::uint16_t>(port)));
  } catch (const SyscallError& error) {
    throw UsageError(fmt::format("--port: {}; give another one, or 0 for any", error.what()));
  }
}

// A server that is stopped owes nobody anything: the kernel closes what it holds, ends its threads,
// and tells its children (PR_SET_PDEATHSIG).
void end_on(int signal)
{
  struct sigaction action {};
  action.sa_handler = [](int) { ::_exit(0); };
  check_syscall("sigaction", ::sigaction(signal, &action, nullptr));
}

// The descriptor stays open: a model that can't begin says there why.
void tell(const Settings& settings, const std::string& text)
{
  if (settings.ready_fd < 0) return;
  [[maybe_unused]] const ssize_t told = ::write(settings.ready_fd, text.data(), text.size());
}

void announce(const Settings& settings, const UniqueFd& listener)
{
  const Endpoint endpoint = local_endpoint(listener);
  if (settings.ready_fd < 0)
    fmt::print(stderr, "waiting_models: {} listens on {} (SIGTERM or Ctrl-C ends it)\n",
               settings.serve, endpoint.to_string());
  else tell(settings, fmt::format("{}\n", endpoint.port()));
}

/// Until the children, whose clients have left, are reaped: only then does their usage count.
void wait_for_end_of_children(pid_t pid)
{
  const std::string list = fmt::format("/proc/{}/task/{}/children", pid, pid);
  const auto deadline = Clock::now() + std::chrono::seconds(2);
  while (!read_file_or_empty(list).empty() && Clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

Child start(const std::string& model, const Settings& settings, int core, int ready_fd)
{
  const auto pin = core < 0 ? nullptr : std::make_unique<ScopedPin>(std::vector{core});
  return Child::exec(
      {executable_folder() + "/waiting_models", "--serve", model, "--ready-fd",
       std::to_string(ready_fd), "--pool-threads", std::to_string(settings.pool_threads),
       "--spin-us", std::to_string(settings.spin_us)},
      {ready_fd});
}

}  // namespace

int serve_alone(std::span<const Model> models, const Settings& settings)
{
  const Model& model = find_model(models, settings.serve);
  raise_open_files_limit();
  const UniqueFd listener = listen_or_explain(settings.port);
  // A measured server is ended by the signal itself: ThreadSanitizer would keep a handler waiting
  // for as long as select() does.
  const bool is_measured = settings.ready_fd >= 0;
  if (!is_measured) end_on(SIGTERM);
  if (!is_measured) end_on(SIGINT);
  announce(settings, listener);
  try {
    model.serve({.listener = listener.get(),
                 .pool_threads = settings.pool_threads,
                 .spin = std::chrono::microseconds(settings.spin_us)});
  } catch (const std::exception& error) {
    tell(settings, error.what());
    throw;
  }
  return 0;
}

ServerProcess::ServerProcess(const std::string& model, const Settings& settings, int core)
    : ServerProcess(model, settings, core, make_pipe())
{
}

ServerProcess::ServerProcess(const std::string& model, const Settings& settings, int core,
                             Pipe words)
    : child_(start(model, settings, core, words.write_end.get())),
      words_(std::move(words.read_end))
{
  words.write_end.reset();  // or the end of a server that failed would never show
  std::string line;
  for (char next = 0; read_exactly(words_, {&next, 1}) && next != '\n';) line += next;
  std::uint16_t port = 0;
  std::from_chars(line.data(), line.data() + line.size(), port);
  if (port == 0) throw std::runtime_error("the server did not start: " + child_.wait().to_string());
  endpoint_ = Endpoint::loopback_v4(port);
}

ServerCosts ServerProcess::stop()
{
  wait_for_end_of_children(child_.pid());
  const Usage before = usage_of_children();
  const std::size_t memory_before = child_totals().peak_memory_bytes;
  child_.send_signal(SIGTERM);
  child_.wait();
  return {.usage = usage_of_children() - before,
          .peak_memory_bytes = child_totals().peak_memory_bytes - memory_before};
}

void ServerProcess::rethrow_its_reason()
{
  const auto status = child_.try_wait();
  if (!status) return;
  const std::string reason = read_to_end(words_);
  if (status->exit_code == kSkipped) throw Skipped(reason);
  throw std::runtime_error(reason.empty() ? "the server: " + status->to_string() : reason);
}

}  // namespace two_cakes
