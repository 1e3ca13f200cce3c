// Drives a thread pool and reports what it saw. What that is worth, cases.py decides.
#include "probe.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "thread_pool.hpp"

namespace {

using namespace std::chrono_literals;
using Futures = std::vector<ThreadPool::Future>;

// Only there to end a hang: whoever waits longer than this will wait forever.
constexpr auto kPatience = 4s;

std::chrono::steady_clock::time_point give_up_at()
{
  static const auto when = std::chrono::steady_clock::now() + kPatience;  // one for the whole run
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

// A thread whose exceptions are observations, too.
template <class Function>
std::thread in_thread(Function function)
{
  return std::thread([=] {
    try {
      function();
    } catch (const std::exception& error) {
      observe("threw", std::string(error.what()));
    }
  });
}

// "12", "broken promise", "threw no flour", "nothing": what a future has to say.
std::string outcome_of(ThreadPool::Future& future)
{
  if (!future.valid()) return "no future";
  if (!wait_until([&] { return future.wait_for(0s) == std::future_status::ready; }))
    return "nothing";
  try {
    return std::to_string(future.get());
  } catch (const std::future_error& error) {
    return error.code() == std::future_errc::broken_promise ? "broken promise" : error.what();
  } catch (const std::exception& error) {
    return std::string("threw ") + error.what();
  } catch (int number) {
    return "threw the number " + std::to_string(number);
  }
}

// Returns once the pool refuses, that is, once its shutdown has begun. Until then it submits jobs
// that do nothing.
void wait_for_refusal(ThreadPool& pool)
{
  wait_until([&] {
    try {
      pool.submit([] { return 0; });
      return false;
    } catch (const PoolClosed&) {
      return true;
    }
  });
}

int number_at(const Request& request, std::size_t place)
{
  return static_cast<int>(request.numbers.at(place));
}

}  // namespace

PROBE(results)  // workers, values...
{
  ThreadPool pool(number_at(request, 0));
  Futures futures;
  for (std::size_t i = 1; i < request.numbers.size(); ++i)
    futures.push_back(pool.submit([value = request.numbers[i]] { return value * value; }));
  for (auto& future : futures) observe("result", outcome_of(future));
}

PROBE(made_once)  // workers, jobs
{
  observe("before", true);
  if (!wait_for_judge()) return;
  {
    ThreadPool pool(number_at(request, 0));
    observe("made", true);
    if (!wait_for_judge()) return;
    Futures futures;
    for (int job = 0; job < number_at(request, 1); ++job)
      futures.push_back(pool.submit([] { return static_cast<std::int64_t>(::gettid()); }));
    for (auto& future : futures) observe("ran_on", outcome_of(future));
    observe("done", true);
    if (!wait_for_judge()) return;
  }
  observe("gone", true);
  if (!wait_for_judge()) return;
}

// Each job waits for all the others: it takes as many threads that run at the same time.
PROBE(side_by_side)  // workers, rounds
{
  const int workers = number_at(request, 0);
  ThreadPool pool(workers);
  for (int round = 0; round < number_at(request, 1); ++round) {
    std::atomic<int> present = 0;
    std::atomic<int> met = 0;
    const auto meet = [&] {
      met = std::max<int>(met, ++present);
      if (!wait_until([&] { return present == workers; })) --present;
      return 0;
    };
    std::this_thread::sleep_for(20ms);  // all workers sleep by now, so each must be woken
    Futures futures;
    for (int job = 0; job < workers; ++job) futures.push_back(pool.submit(meet));
    for (auto& future : futures) future.wait();
    observe("met", met.load());
  }
}

PROBE(order)  // jobs
{
  std::promise<void> all_are_in;
  ThreadPool pool(1);
  pool.submit([&] { return all_are_in.get_future().wait(), 0; });
  Futures futures;
  for (int job = 0; job < number_at(request, 0); ++job)
    futures.push_back(pool.submit([job] { return observe("began", job), 0; }));
  all_are_in.set_value();
  for (auto& future : futures) future.wait();
}

PROBE(exceptions)  // values: even ones are returned, odd ones are thrown; negative ones as a number
{
  ThreadPool pool(2);
  Futures futures;
  for (const auto value : request.numbers)
    futures.push_back(pool.submit([value]() -> std::int64_t {
      if (value < 0) throw static_cast<int>(value);
      if (value % 2 != 0) throw std::runtime_error("no flour for cake " + std::to_string(value));
      return value;
    }));
  for (auto& future : futures) observe("outcome", outcome_of(future));
}

PROBE(drain)  // workers, jobs
{
  std::atomic<bool> refuses = false;
  std::atomic<int> done = 0;
  ThreadPool pool(number_at(request, 0));
  Futures futures;
  for (int job = 0; job < number_at(request, 1); ++job)
    futures.push_back(pool.submit([&, job] {
      wait_until([&] { return refuses.load(); });
      ++done;
      return job;
    }));
  std::thread other = in_thread([&] {
    wait_for_refusal(pool);
    refuses = true;
  });
  pool.shut_down(Shutdown::kDrain);
  observe("done_by_then", done.load());
  other.join();
  for (auto& future : futures) observe("outcome", outcome_of(future));
}

PROBE(drop)  // jobs
{
  std::atomic<bool> began = false;
  std::atomic<bool> may_end = false;
  std::atomic<int> ran = 0;
  ThreadPool pool(1);
  auto first = pool.submit([&] {
    began = true;
    wait_until([&] { return may_end.load(); });
    return 42;
  });
  wait_until([&] { return began.load(); });
  Futures waiting;
  for (int job = 0; job < number_at(request, 0); ++job)
    waiting.push_back(pool.submit([&] { return ++ran; }));
  std::thread other = in_thread([&] {
    wait_for_refusal(pool);
    if (request.word == "while it runs")  // the job that runs, runs on until all of them are told
      for (auto& future : waiting) observe("dropped", outcome_of(future));
    may_end = true;
  });
  pool.shut_down(Shutdown::kDrop);
  other.join();
  observe("first", outcome_of(first));
  if (request.word != "while it runs")
    for (auto& future : waiting) observe("dropped", outcome_of(future));
  observe("ran", ran.load());
}

PROBE(refuse)
{
  std::atomic<int> ran = 0;
  ThreadPool pool(2);
  auto before = pool.submit([&] { return ++ran; });
  observe("before", outcome_of(before));
  pool.shut_down(Shutdown::kDrain);
  for (const bool try_only : {false, true}) {
    try {
      if (try_only) pool.try_submit([&] { return ++ran; });
      else pool.submit([&] { return ++ran; });
      observe("after", "taken");
    } catch (const PoolClosed&) {
      observe("after", "PoolClosed");
    }
  }
  observe("ran", ran.load());
}

PROBE(idle)  // workers
{
  ThreadPool pool(number_at(request, 0));
  Futures futures;
  for (int job = 0; job < 20; ++job) futures.push_back(pool.submit([job] { return job; }));
  for (auto& future : futures) observe("result", outcome_of(future));
  observe("idle", true);
  if (!wait_for_judge()) return;
  auto last = pool.submit([] { return 1; });
  observe("still_works", outcome_of(last));
}

// The faults of the case hold each worker up between its look at the queue and its sleep.
PROBE(windows)  // workers, rounds
{
  for (int round = 0; round < number_at(request, 1); ++round) {
    ThreadPool pool(number_at(request, 0));
    auto one = pool.submit([round] { return round; });
    observe("result", outcome_of(one));
    auto two = pool.submit([round] { return round; });
    observe("result", outcome_of(two));
    pool.shut_down(round % 2 == 0 ? Shutdown::kDrain : Shutdown::kDrop);
    observe("ended", round);
  }
}

PROBE(crowd)  // workers, submitters, jobs of each
{
  std::atomic<std::int64_t> sum = 0;
  ThreadPool pool(number_at(request, 0));
  std::vector<std::thread> submitters;
  for (int who = 0; who < number_at(request, 1); ++who)
    submitters.push_back(in_thread([&] {
      Futures futures;
      for (std::int64_t job = 1; job <= request.numbers[2]; ++job)
        futures.push_back(pool.submit([job] { return job; }));
      for (auto& future : futures) sum += future.get();
    }));
  for (auto& submitter : submitters) submitter.join();
  observe("sum", sum.load());
}

PROBE(full)  // how many may wait
{
  std::promise<void> gate;
  std::atomic<bool> began = false;
  ThreadPool pool(1, static_cast<std::size_t>(request.numbers.at(0)));
  pool.submit([&] { return began = true, gate.get_future().wait(), 0; });
  wait_until([&] { return began.load(); });
  Futures taken;
  for (int job = 0; job < 20; ++job)
    if (auto future = pool.try_submit([job] { return job; })) taken.push_back(std::move(*future));
  observe("taken", static_cast<int>(taken.size()));
  gate.set_value();
  for (auto& future : taken) observe("result", outcome_of(future));
  auto later = pool.try_submit([] { return 77; });
  observe("later", later ? outcome_of(*later) : "refused");
}

PROBE(nested)  // depth: each job submits two more, none waits
{
  std::atomic<int> ran = 0;
  std::function<std::int64_t(int)> grow;
  ThreadPool pool(1);
  grow = [&](int depth) {
    if (depth > 0)
      for (int branch = 0; branch < 2; ++branch)
        pool.submit([&grow, depth] { return grow(depth - 1); });
    return ++ran;
  };
  pool.submit([&] { return grow(number_at(request, 0)); });
  wait_until([&] { return ran == (2 << number_at(request, 0)) - 1; });
  observe("ran", ran.load());
}
// BEGIN HIDDEN TESTS

// A submitter waits for room. Nobody makes any until it has had time to go on without.
PROBE(wait_for_room)  // how many may wait, jobs
{
  std::atomic<bool> open = false;
  std::atomic<int> returned = 0;
  std::atomic<bool> began = false;
  ThreadPool pool(1, static_cast<std::size_t>(request.numbers.at(0)));
  pool.submit([&] { return began = true, wait_until([&] { return open.load(); }); });
  wait_until([&] { return began.load(); });
  Futures futures;
  std::thread submitter = in_thread([&] {
    for (int job = 0; job < number_at(request, 1); ++job) {
      futures.push_back(pool.submit([job] { return job; }));
      ++returned;
    }
  });
  for (int look = 0; look < 200 && returned <= request.numbers[0]; ++look)
    std::this_thread::sleep_for(2ms);
  observe("returned_while_full", returned.load());
  open = true;
  submitter.join();
  for (auto& future : futures) observe("result", outcome_of(future));
}

PROBE(full_at_the_end)  // how many submitters wait for room when the pool is shut down
{
  std::atomic<bool> open = false;
  std::atomic<bool> began = false;
  ThreadPool pool(1, 1);
  auto first = pool.submit([&] { return began = true, wait_until([&] { return open.load(); }); });
  wait_until([&] { return began.load(); });
  auto waits = pool.try_submit([] { return 5; });
  std::vector<std::thread> submitters;
  std::atomic<int> near = 0;
  std::atomic<int> refused = 0;
  for (int who = 0; who < number_at(request, 0); ++who)
    submitters.push_back(in_thread([&] {
      try {
        ++near;
        pool.submit([] { return 6; });
      } catch (const PoolClosed&) {
        ++refused;
      }
    }));
  wait_until([&] { return near == number_at(request, 0); });
  std::this_thread::sleep_for(50ms);  // so that they do wait; where they don't yet, it's the same
  std::thread other = in_thread([&] { pool.shut_down(Shutdown::kDrain); });
  wait_until([&] { return refused == number_at(request, 0); });
  observe("refused", refused.load());
  open = true;
  other.join();
  for (auto& submitter : submitters) submitter.join();
  observe("first", outcome_of(first));
  observe("waiting", waits ? outcome_of(*waits) : "refused");
}

PROBE(full_for_a_job)  // jobs that the only worker submits, to a queue for one
{
  std::atomic<int> ran = 0;
  ThreadPool pool(1, 1);
  auto all = pool.submit([&] {
    for (int job = 0; job < number_at(request, 0); ++job) pool.submit([&] { return ++ran; });
    return 9;
  });
  observe("outer", outcome_of(all));
  pool.shut_down(Shutdown::kDrain);
  observe("ran", ran.load());
}

PROBE(nested_while_draining)
{
  std::promise<ThreadPool::Future> inner;
  std::atomic<bool> refuses = false;
  ThreadPool pool(2);
  auto outer = pool.submit([&] {
    wait_until([&] { return refuses.load(); });
    inner.set_value(pool.submit([] { return 31; }));
    return 30;
  });
  std::thread other = in_thread([&] {
    wait_for_refusal(pool);
    refuses = true;
  });
  pool.shut_down(Shutdown::kDrain);
  other.join();
  observe("outer", outcome_of(outer));
  auto future = inner.get_future();
  auto given =
      future.wait_for(0s) == std::future_status::ready ? future.get() : ThreadPool::Future{};
  observe("inner", outcome_of(given));
}

PROBE(shut_down_by_many)  // threads that do so at once
{
  std::atomic<bool> all_are_there = false;
  std::atomic<int> done = 0;
  std::atomic<int> there = 0;
  ThreadPool pool(2);
  Futures futures;
  for (int job = 0; job < 10; ++job)
    futures.push_back(pool.submit([&] {
      wait_until([&] { return all_are_there.load(); });
      return ++done;
    }));
  std::vector<std::thread> others;
  for (int who = 0; who < number_at(request, 0); ++who)
    others.push_back(in_thread([&] {
      ++there;
      pool.shut_down(Shutdown::kDrain);
      observe("done_by_then", done.load());
    }));
  wait_until([&] { return there == number_at(request, 0); });
  std::this_thread::sleep_for(20ms);
  all_are_there = true;
  for (auto& other : others) other.join();
  pool.shut_down(Shutdown::kDrop);
  observe("again", done.load());
}

PROBE(shut_down_by_a_job)
{
  ThreadPool pool(1);
  auto future = pool.submit([&] {
    try {
      pool.shut_down(Shutdown::kDrain);
      return 0;
    } catch (const std::logic_error&) {
      return 1;
    }
  });
  observe("outcome", outcome_of(future));
  auto next = pool.submit([] { return 2; });
  observe("outcome", outcome_of(next));
}

PROBE(too_many_threads)  // workers
{
  std::ifstream sizes("/proc/self/statm");
  std::size_t pages = 0;
  sizes >> pages;
  const rlim_t most = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (64ul << 20);
  rlimit before{};
  ::getrlimit(RLIMIT_AS, &before);
  const rlimit tight{.rlim_cur = most, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_AS, &tight);  // a thread's stack takes 8 MiB of it
  try {
    const ThreadPool pool(number_at(request, 0));
    observe("made", "a pool");
  } catch (const std::system_error&) {
    observe("made", "system_error");
  }
  ::setrlimit(RLIMIT_AS, &before);
  for (const int workers : {0, -1}) {
    try {
      const ThreadPool pool(workers);
      observe("none", "a pool");
    } catch (const std::invalid_argument&) {
      observe("none", "invalid_argument");
    }
  }
  ThreadPool pool(1);
  auto future = pool.submit([] { return 3; });
  observe("after", outcome_of(future));
  if (!wait_for_judge()) return;
}

PROBE(what_jobs_hold)  // jobs
{
  ThreadPool pool(2);
  const auto cake = std::make_shared<int>(1);
  Futures futures;
  for (int job = 0; job < number_at(request, 0); ++job)
    futures.push_back(pool.submit([cake] { return *cake; }));
  for (auto& future : futures) observe("result", outcome_of(future));
  wait_until([&] { return cake.use_count() == 1; });  // the pool lives on
  observe("still_held", cake.use_count() - 1);
}

PROBE(destructor)  // workers, jobs
{
  std::atomic<bool> open = false;
  std::atomic<int> done = 0;
  {
    ThreadPool pool(number_at(request, 0));
    for (int job = 0; job < number_at(request, 1); ++job)
      pool.submit([&] {
        wait_until([&] { return open.load(); });
        std::this_thread::sleep_for(1ms);
        return ++done;
      });
    open = true;
  }
  observe("done_by_then", done.load());
}

PROBE(posts)  // workers, jobs
{
  ThreadPool pool(number_at(request, 0));
  Futures futures;
  std::int64_t sum = 0;
  for (std::int64_t job = 0; job < request.numbers[1]; ++job)
    futures.push_back(pool.submit([job] { return job; }));
  for (auto& future : futures) sum += future.get();
  observe("sum", sum);
}
// END HIDDEN TESTS
