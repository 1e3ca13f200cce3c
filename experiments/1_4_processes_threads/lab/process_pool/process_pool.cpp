// Yours: what process_pool.hpp promises. Everything that the pool keeps is in State.
#include "process_pool.hpp"
// BEGIN SOLUTION

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

namespace {

// What goes before the bytes of every message: without it nobody knows where one ends.
struct Header {
  std::uint64_t size = 0;
  std::uint64_t is_problem = 0;
};

struct Worker {
  pid_t pid = -1;
  int channel = -1;
  std::optional<std::size_t> job;  // its number, while it is busy
  std::string received;            // of its answer, up to now
};

enum class Progress { kSome, kWhole, kEnded };

// A signal may interrupt the call before it has done anything: then it is made again.
template <class Call>
auto without_interruption(Call call)
{
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

// Sends all of it, however little each call takes. False where nobody is there to read any more.
bool send_all(int channel, std::string_view bytes)
{
  while (!bytes.empty()) {
    const auto sent = without_interruption(
        [&] { return ::send(channel, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (sent == -1) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool send_message(int channel, std::string_view bytes, bool is_problem = false)
{
  const Header header{bytes.size(), is_problem};
  return send_all(channel, {reinterpret_cast<const char*>(&header), sizeof header}) &&
         send_all(channel, bytes);
}

// Fills `to`, however little each call brings. False at the end of the channel.
bool receive_all(int channel, char* to, std::size_t size)
{
  while (size > 0) {
    const auto count = without_interruption([&] { return ::recv(channel, to, size, 0); });
    if (count <= 0) return false;
    to += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

bool answer(int channel, const ProcessPool::Handler& handler, std::string_view job)
{
  try {
    return send_message(channel, handler(job));
  } catch (const std::exception& error) {
    const std::string_view why = error.what();
    return send_message(channel, why.empty() ? "it failed and didn't say why" : why, true);
  } catch (...) {
    return send_message(channel, "it threw what is no std::exception", true);
  }
}

// A worker's whole life. It ends at the end of the channel: the pool is shut down, or dead.
void serve(int channel, const ProcessPool::Handler& handler)
{
  Header header;
  std::string job;
  while (receive_all(channel, reinterpret_cast<char*>(&header), sizeof header)) {
    job.resize(header.size);
    if (!receive_all(channel, job.data(), job.size())) return;
    if (!answer(channel, handler, job)) return;
  }
}

// One call only, which doesn't block where poll() has found something to read.
Progress receive_some(Worker& worker)
{
  std::array<char, 65536> piece;
  const auto count = ::recv(worker.channel, piece.data(), piece.size(), 0);
  if (count == -1 && errno == EINTR) return Progress::kSome;
  if (count <= 0) return Progress::kEnded;
  worker.received.append(piece.data(), static_cast<std::size_t>(count));
  Header header;
  if (worker.received.size() < sizeof header) return Progress::kSome;
  std::memcpy(&header, worker.received.data(), sizeof header);
  const bool whole = worker.received.size() == sizeof header + header.size;
  return whole ? Progress::kWhole : Progress::kSome;
}

Result result_in(const std::string& message)
{
  Header header;
  std::memcpy(&header, message.data(), sizeof header);
  std::string bytes = message.substr(sizeof header);
  return header.is_problem != 0 ? Result{"", std::move(bytes)} : Result{std::move(bytes), ""};
}

// Closes, reaps, and says how it ended. The place is free afterwards.
std::string bury(Worker& worker)
{
  ::close(worker.channel);
  int status = 0;
  without_interruption([&] { return ::waitpid(worker.pid, &status, 0); });
  worker = {};
  if (WIFSIGNALED(status)) return std::string("killed by SIG") + ::sigabbrev_np(WTERMSIG(status));
  return "exited with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace
// END SOLUTION

struct ProcessPool::State {
  // BEGIN SOLUTION
  Handler handler;
  std::vector<Worker> workers;  // the places: one whose worker was lost has nobody (pid -1)
  bool closed = false;

  bool make(Worker& worker);
  bool hand_over(Worker& worker, const std::string& job);
  std::vector<Worker*> wait_for_answers();
  // END SOLUTION
};
// BEGIN SOLUTION

// False, with errno set, where it can't be had.
bool ProcessPool::State::make(Worker& worker)
{
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1) return false;
  const pid_t pid = ::fork();
  if (pid == 0) {
    // What it holds of the parent's ends would keep its siblings from ever seeing theirs closed.
    for (const Worker& sibling : workers)
      if (sibling.pid != -1) ::close(sibling.channel);
    ::close(ends[0]);
    try {
      serve(ends[1], handler);
    } catch (...) {  // no memory for a job: nothing may get out into the parent's code below
    }
    ::_exit(0);  // exit() would flush the parent's buffers and run its atexit() a second time
  }
  const int error = errno;
  ::close(ends[1]);  // or the end of the channel wouldn't be seen when the worker dies
  if (pid == -1) ::close(ends[0]);
  else worker = {pid, ends[0], {}, {}};
  errno = error;
  return pid != -1;
}

// May block while it sends, since an idle worker does nothing but read. Send fails where it died
// in its sleep: then the job hasn't begun, and its successor gets it.
bool ProcessPool::State::hand_over(Worker& worker, const std::string& job)
{
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (worker.pid == -1 && !make(worker)) return false;
    if (send_message(worker.channel, job)) return true;
    bury(worker);
  }
  return false;
}

// Blocks until a busy worker has something to say, or has died.
std::vector<Worker*> ProcessPool::State::wait_for_answers()
{
  std::vector<pollfd> channels;
  std::vector<Worker*> busy;
  for (Worker& worker : workers) {
    if (!worker.job) continue;
    channels.push_back({worker.channel, POLLIN, 0});
    busy.push_back(&worker);
  }
  if (busy.empty()) return {};
  without_interruption([&] { return ::poll(channels.data(), channels.size(), -1); });
  std::vector<Worker*> ready;
  for (std::size_t i = 0; i < busy.size(); ++i)
    if (channels[i].revents != 0) ready.push_back(busy[i]);
  return ready;
}
// END SOLUTION

ProcessPool::ProcessPool(int workers, Handler handler) : state_(std::make_unique<State>())
{
  // BEGIN SOLUTION
  // STUB: (void)workers;
  // STUB: (void)handler;
  if (workers < 1) throw std::invalid_argument("a pool of fewer than one worker");
  state_->handler = std::move(handler);
  state_->workers.resize(static_cast<std::size_t>(workers));
  for (Worker& worker : state_->workers) {
    if (state_->make(worker)) continue;
    const int error = errno;
    shut_down();
    throw std::system_error(error, std::generic_category(), "make a worker");
  }
  // END SOLUTION
}

ProcessPool::~ProcessPool()
{
  // BEGIN SOLUTION
  shut_down();
  // END SOLUTION
}

std::vector<Result> ProcessPool::map(const std::vector<std::string>& jobs)
{
  // BEGIN SOLUTION
  // STUB: return std::vector<Result>(jobs.size(), Result{"", "map() is still to be written"});
  if (state_->closed) throw PoolClosed();
  std::vector<Result> results(jobs.size(), {"", "there is no worker left"});
  std::size_t next = 0;
  for (;;) {
    for (Worker& worker : state_->workers)
      if (!worker.job && next < jobs.size() && state_->hand_over(worker, jobs[next]))
        worker.job = next++;
    const auto ready = state_->wait_for_answers();
    if (ready.empty()) break;  // nobody is busy: all is done, or there is nobody
    for (Worker* worker : ready) {
      const Progress progress = receive_some(*worker);
      if (progress == Progress::kSome) continue;
      Result& result = results[*worker->job];
      result =
          progress == Progress::kWhole ? result_in(worker->received) : Result{"", bury(*worker)};
      worker->job.reset();
      worker->received.clear();
    }
  }
  for (Worker& worker : state_->workers)
    if (worker.pid == -1) state_->make(worker);
  return results;
  // END SOLUTION
}

void ProcessPool::shut_down()
{
  // BEGIN SOLUTION
  state_->closed = true;
  for (Worker& worker : state_->workers)
    if (worker.pid != -1) bury(worker);
  // END SOLUTION
}
