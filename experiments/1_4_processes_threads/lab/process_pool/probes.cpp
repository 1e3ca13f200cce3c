// Drives a pool of processes and reports what it saw. What that is worth, cases.py decides.
#include "probe.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "process_pool.hpp"

namespace {

using namespace std::chrono_literals;
using Jobs = std::vector<std::string>;

// Only there to end a hang: whoever waits longer than this will wait forever.
constexpr auto kPatience = 4s;

// One for the whole run: workers inherit it.
std::chrono::steady_clock::time_point give_up_at()
{
  static const auto when = std::chrono::steady_clock::now() + kPatience;
  return when;
}

template <class Condition>
bool wait_until(Condition condition)
{
  const auto deadline = give_up_at();
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(200us);
  }
  return true;
}

// Numbers that this process and all of its children see, whatever the pool does.
struct Board {
  std::atomic<int> counter[256];
};

Board& board()
{
  static Board* const shared = [] {
    give_up_at();
    void* const place =
        ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    return new (place) Board{};
  }();
  return *shared;
}

int number_at(const Request& request, std::size_t place)
{
  return static_cast<int>(request.numbers.at(place));
}

std::string outcome_of(const Result& result)
{
  return result.good() ? result.bytes : "problem: " + result.problem;
}

void observe_all(const char* name, const std::vector<Result>& results)
{
  for (const Result& result : results) observe(name, outcome_of(result));
}

std::string pid_of_worker(std::string_view) { return std::to_string(::getpid()); }

// Bytes that depend on the size and the place, zeros among them.
std::string pattern(std::size_t size)
{
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + (i >> 8) + size);
  return bytes;
}

// What a job is told to do: "0" to answer, "9" to be killed by signal 9, "-3" to exit with 3.
std::string obey(std::string_view job)
{
  const int order = std::atoi(std::string(job).c_str());
  if (order < 0) ::_exit(-order);
  if (order > 0) {
    ::signal(order, SIG_DFL);
    ::raise(order);
  }
  return "fine";
}

Jobs as_jobs(const std::vector<std::int64_t>& numbers, std::size_t from)
{
  Jobs jobs;
  for (std::size_t i = from; i < numbers.size(); ++i) jobs.push_back(std::to_string(numbers[i]));
  return jobs;
}

bool nobody_is_left() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

}  // namespace

PROBE(results)  // workers, values...
{
  ProcessPool pool(number_at(request, 0), [](std::string_view job) {
    const long value = std::atol(std::string(job).c_str());
    return std::to_string(value * value);
  });
  observe_all("result", pool.map(as_jobs(request.numbers, 1)));
  observe("none", static_cast<int>(pool.map({}).size()));
}

PROBE(made_once)  // workers, jobs
{
  observe("before", true);
  if (!wait_for_judge()) return;
  {
    ProcessPool pool(number_at(request, 0), pid_of_worker);
    observe("made", true);
    if (!wait_for_judge()) return;
    const Jobs jobs(static_cast<std::size_t>(request.numbers.at(1)));
    for (int round = 0; round < 2; ++round) observe_all("ran_in", pool.map(jobs));
    observe("done", ::getpid());
    if (!wait_for_judge()) return;
    if (request.word == "shut_down") {
      pool.shut_down();
      observe("gone", true);
      if (!wait_for_judge()) return;
      pool.shut_down();
      try {
        observe_all("afterwards", pool.map({"0"}));
      } catch (const PoolClosed&) {
        observe("afterwards", "PoolClosed");
      }
    }
  }
  observe("destroyed", true);
  if (!wait_for_judge()) return;
}

// Each job waits for all the others: it takes as many workers that run at the same time.
PROBE(side_by_side)  // workers
{
  const int workers = number_at(request, 0);
  std::atomic<int>& present = board().counter[0];
  ProcessPool pool(workers, [&](std::string_view) {
    const int met = ++present;
    if (wait_until([&] { return present >= workers; })) return std::to_string(workers);
    --present;
    return std::to_string(met);
  });
  observe_all("met", pool.map(Jobs(static_cast<std::size_t>(workers))));
}

// The first job waits until all others are done.
PROBE(slow_job)  // workers, jobs
{
  const int others = number_at(request, 1) - 1;
  std::atomic<int>& done = board().counter[0];
  ProcessPool pool(number_at(request, 0), [&](std::string_view job) {
    if (job != "0") return ++done, "job " + std::string(job);
    wait_until([&] { return done >= others; });
    return "job 0, after " + std::to_string(done) + " others";
  });
  Jobs jobs;
  for (int job = 0; job <= others; ++job) jobs.push_back(std::to_string(job));
  observe_all("result", pool.map(jobs));
}

// A job's first word is the size that its result shall have; what follows is checked there.
PROBE(sizes)  // workers, then for each job its own size and its result's
{
  ProcessPool pool(number_at(request, 0), [](std::string_view job) {
    const auto end = job.find(' ');
    const auto size = std::strtoull(std::string(job.substr(0, end)).c_str(), nullptr, 10);
    const auto rest = job.substr(end + 1);
    return rest == pattern(rest.size()) ? pattern(size) : "the job came wrong";
  });
  Jobs jobs;
  for (std::size_t i = 1; i + 1 < request.numbers.size(); i += 2)
    jobs.push_back(std::to_string(request.numbers[i + 1]) + ' ' +
                   pattern(static_cast<std::size_t>(request.numbers[i])));
  const auto results = pool.map(jobs);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto size = static_cast<std::size_t>(request.numbers.at(2 * i + 2));
    if (!results[i].good()) observe("problem", results[i].problem);
    observe("bytes", results[i].bytes.size());
    observe("right", results[i].bytes == pattern(size));
  }
}

PROBE(any_bytes)  // a byte value each
{
  ProcessPool pool(2, [](std::string_view job) { return std::string(job); });
  Jobs jobs{"", std::string(3, '\0'), "\n", "two\nlines\n", std::string("\0end", 4), ""};
  std::string all;
  for (int value = 0; value < 256; ++value) all += static_cast<char>(value);
  jobs.push_back(all);
  for (const auto number : request.numbers) jobs.emplace_back(3, static_cast<char>(number));
  const auto results = pool.map(jobs);
  for (std::size_t i = 0; i < jobs.size() && i < results.size(); ++i)
    observe("same", results[i].good() && results[i].bytes == jobs[i]);
}

PROBE(crash)  // workers, then what each job is told to do
{
  Board& begun = board();
  ProcessPool pool(number_at(request, 0), [&](std::string_view job) {
    const auto end = job.find(' ');
    ++begun.counter[std::atoi(std::string(job.substr(end + 1)).c_str())];
    return obey(job.substr(0, end));
  });
  observe("before", true);
  if (!wait_for_judge()) return;
  Jobs jobs = as_jobs(request.numbers, 1);
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i] += ' ' + std::to_string(i);
  observe_all("outcome", pool.map(jobs));
  observe("crashed", true);
  if (!wait_for_judge()) return;
  for (std::size_t i = 0; i < jobs.size(); ++i) observe("begun", begun.counter[i].load());
  observe_all("next", pool.map(Jobs(4, "0 255")));
  observe("after", true);
  if (!wait_for_judge()) return;
}

PROBE(exceptions)  // workers, values: odd ones are thrown; a negative one throws a number
{
  ProcessPool pool(number_at(request, 0), [](std::string_view job) {
    const int value = std::atoi(std::string(job).c_str());
    if (job == "who") return pid_of_worker(job);
    if (value < 0) throw value;
    if (value % 2 != 0) throw std::runtime_error("no flour for cake " + std::string(job));
    return std::string(job);
  });
  observe_all("before", pool.map({"who"}));
  const auto results = pool.map(as_jobs(request.numbers, 1));
  for (std::size_t i = 0; i < results.size(); ++i)
    observe(request.numbers[i + 1] < 0 ? "odd_one" : "outcome", outcome_of(results[i]));
  observe_all("after", pool.map({"who"}));
}

// Of the workers that have left their numbers at the places from 1 on.
static pid_t youngest(const Board& shared, int workers)
{
  pid_t last = 0;
  for (int worker = 1; worker <= workers; ++worker)
    last = std::max<pid_t>(last, shared.counter[worker]);
  return last;
}

PROBE(orphans)  // workers
{
  const int workers = number_at(request, 0);
  Board& shared = board();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans become this process's children
  const pid_t owner = ::fork();
  if (owner == 0) {
    try {
      ProcessPool pool(workers, [&](std::string_view) {
        const int me = shared.counter[0]++;
        shared.counter[1 + me] = ::getpid();
        wait_until([&] { return shared.counter[0] >= workers; });
        return std::string("here");
      });
      pool.map(Jobs(static_cast<std::size_t>(workers)));
      ::kill(youngest(shared, workers), SIGSTOP);
      ::raise(SIGKILL);
    } catch (...) {
    }
    ::_exit(1);
  }
  int status = 0;
  while (::waitpid(owner, &status, 0) == -1 && errno == EINTR) {
  }
  observe("workers", shared.counter[0].load());
  observe("owner_was_killed", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  int ended = 0;
  const auto all_but = [&](int others) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) ++ended;
    return ended >= workers - others;
  };
  wait_until([&] { return all_but(1); });
  observe("ended_beside_one_that_is_stopped", ended);
  ::kill(youngest(shared, workers), SIGCONT);
  wait_until([&] { return all_but(0); });
  observe("ended", ended);
  for (int worker = 0; worker < shared.counter[0]; ++worker)
    if (const int pid = shared.counter[1 + worker]; ::waitpid(pid, nullptr, WNOHANG) == 0)
      ::kill(pid, SIGKILL);
}

PROBE(idle)  // workers
{
  std::atomic<int>& enough = board().counter[0];
  ProcessPool pool(number_at(request, 0), [&](std::string_view job) {
    wait_until([&] { return enough == 1; });
    return std::string(job);
  });
  std::thread judge([&] {
    [[maybe_unused]] const bool there = wait_for_judge();
    enough = 1;
  });
  try {
    observe("begins", true);
    observe_all("result", pool.map({"wait"}));
  } catch (const std::exception& error) {
    observe("threw", std::string(error.what()));
  }
  judge.join();
}
// BEGIN HIDDEN TESTS

namespace {

int open_descriptors()
{
  int count = -1;  // the folder's own
  DIR* const folder = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(folder))
    if (entry->d_name[0] != '.') ++count;
  ::closedir(folder);
  return count;
}

}  // namespace

// How many descriptors each worker has more than its parent had before there was a pool.
PROBE(siblings)  // workers, how many of them are lost and replaced
{
  const int workers = number_at(request, 0);
  Board& shared = board();
  const int before = open_descriptors();
  ProcessPool pool(workers, [&](std::string_view job) {
    if (job == "die") ::raise(SIGKILL);
    ++shared.counter[0];
    wait_until([&] { return shared.counter[0] >= workers; });
    return std::to_string(open_descriptors() - before);
  });
  const Jobs all(static_cast<std::size_t>(workers));
  observe_all("more", pool.map(all));
  observe_all("lost", pool.map(Jobs(static_cast<std::size_t>(request.numbers.at(1)), "die")));
  shared.counter[0] = 0;
  observe_all("more_later", pool.map(all));
}

PROBE(lost_in_its_sleep)  // workers, jobs
{
  const int workers = number_at(request, 0);
  Board& shared = board();
  ProcessPool pool(workers, [&](std::string_view job) {
    if (job != "who") return "job " + std::string(job);
    ++shared.counter[0];
    wait_until([&] { return shared.counter[0] >= workers; });
    return pid_of_worker(job);
  });
  const auto pids = pool.map(Jobs(static_cast<std::size_t>(workers), "who"));
  for (const Result& pid : pids) {
    if (!pid.good()) return observe("threw", pid.problem);
    const pid_t victim = std::atoi(pid.bytes.c_str());
    siginfo_t info;
    ::kill(victim, SIGKILL);
    ::waitid(P_PID, static_cast<id_t>(victim), &info, WEXITED | WNOWAIT);  // dead for certain
  }
  Jobs jobs;
  for (int job = 0; job < number_at(request, 1); ++job) jobs.push_back(std::to_string(job));
  observe_all("result", pool.map(jobs));
}

PROBE(cant_be_had)  // workers
{
  const int before = open_descriptors();
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit tight{static_cast<rlim_t>(before + 12), limit.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &tight);
  try {
    const ProcessPool pool(number_at(request, 0), obey);
    observe("made", "a pool");
  } catch (const std::system_error&) {
    observe("made", "system_error");
  }
  ::setrlimit(RLIMIT_NOFILE, &limit);
  observe("children_left", nobody_is_left() ? 0 : 1);
  observe("descriptors_left", open_descriptors() - before);
  for (const int workers : {0, -1}) {
    try {
      const ProcessPool pool(workers, obey);
      observe("none", "a pool");
    } catch (const std::invalid_argument&) {
      observe("none", "invalid_argument");
    }
  }
  ProcessPool pool(2, obey);
  observe_all("later", pool.map({"0"}));
}

// While a worker dies there is no descriptor to be had for its successor.
PROBE(cant_be_replaced)  // workers, then what each job is told to do
{
  ProcessPool pool(number_at(request, 0), obey);
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int last = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const rlimit tight{static_cast<rlim_t>(std::max(last, open_descriptors()) + 4), limit.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &tight);
  std::vector<int> fillers{last};
  while ((fillers.emplace_back(::fcntl(last, F_DUPFD_CLOEXEC, 0))) != -1) {
  }
  observe_all("outcome", pool.map(as_jobs(request.numbers, 1)));
  for (const int filler : fillers) ::close(filler);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  observe_all("later", pool.map({"0", "0", "0"}));
  observe("after", true);
  if (!wait_for_judge()) return;
}

PROBE(nothing_twice)  // workers
{
  static std::atomic<int>& at_exit = board().counter[0];
  std::atexit([] { ++at_exit; });
  std::FILE* const file = std::tmpfile();
  if (file == nullptr) throw std::runtime_error("the test has no file");
  std::fputs("written once", file);  // it lies in this process's buffer yet
  {
    ProcessPool pool(number_at(request, 0), obey);
    observe_all("outcome", pool.map({"0", "9", "0"}));
  }
  std::fflush(file);
  std::fseek(file, 0, SEEK_END);
  observe("bytes", std::ftell(file));
  observe("at_exit", at_exit.load());
}

PROBE(round_trips)  // workers, jobs
{
  ProcessPool pool(number_at(request, 0), [](std::string_view job) { return std::string(job); });
  const auto results = pool.map(Jobs(static_cast<std::size_t>(request.numbers.at(1)), "cake"));
  observe("right", std::count_if(results.begin(), results.end(),
                                 [](const Result& result) { return result.bytes == "cake"; }));
}
// END HIDDEN TESTS
