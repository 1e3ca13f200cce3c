// The interpreter has one lock: threads really contend for it, one is inside at a time, and it is
// released for waits.
#include <pthread.h>
#include <pybind11/embed.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "python_case.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace py = pybind11;

namespace {

/// Counts who is in a piece of C++ that Python code calls, at once, and in how many turns.
struct Inside {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::atomic<int> waiting{0};
  std::atomic<int> most_waiting{0};
  std::vector<std::thread::id> turns;  // of those who hold the lock

  void enter_and_leave()
  {
    if (++now > most) most = now.load();
    if (turns.empty() || turns.back() != std::this_thread::get_id())
      turns.push_back(std::this_thread::get_id());
    std::this_thread::sleep_for(
        std::chrono::microseconds(20));  // with the lock held: time enough for a second one to come
    --now;
  }
};

/// Gives Python code the function enter(), for as long as an object lives, and a function
/// visit(times) that calls it from a loop of bytecode.
class Entrance {
 public:
  explicit Entrance(Inside& inside)
  {
    load_script(
        "def visit(times):\n    for _ in range(times):\n        enter()\n        fib(8)\n    "
        "return times\n");
    const py::gil_scoped_acquire lock;
    py::module_::import("builtins").attr("enter") =
        py::cpp_function([&inside] { inside.enter_and_leave(); });
  }
  ~Entrance()
  {
    const py::gil_scoped_acquire lock;
    py::delattr(py::module_::import("builtins"), "enter");
  }
};

}  // namespace

TEST_CASE("many Python threads run in turns, and only one is inside at a time")
{
  Inside inside;
  const Entrance entrance(inside);
  Python& python = Python::interpreter();
  const auto former = python.set_switch_interval(std::chrono::microseconds(50));
  const PythonCall call{"visit", {std::int64_t{300}}};
  CHECK(python.in_threads({call, call, call, call}) == PythonValues(4, std::int64_t{300}));
  python.set_switch_interval(former);
  CHECK(inside.most == 1);
  CHECK(inside.turns.size() > 8);  // they contend: nobody did all of its visits in one go
}

TEST_CASE("threads of C++ contend for the same lock")
{
  Python::interpreter();
  Inside inside;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int visit = 0; visit < 100; ++visit) {
        if (++inside.waiting > inside.most_waiting) inside.most_waiting = inside.waiting.load();
        const py::gil_scoped_acquire lock;
        --inside.waiting;
        inside.enter_and_leave();
      }
    });
  threads.clear();
  CHECK(inside.most == 1);
  CHECK(inside.most_waiting > 1);
}

TEST_CASE("the counters above can count to two: without the lock both are inside")
{
  Inside inside;
  std::atomic<int> there{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      if (++inside.now > inside.most) inside.most = inside.now.load();
      ++there;
      while (there < 2) std::this_thread::yield();
      --inside.now;
    });
  threads.clear();
  CHECK(inside.most == 2);
}

TEST_CASE("a thread that waits has let the lock go: both reach the barrier")
{
  load_script(
      "barrier = threading.Barrier(2)\n"
      "def meet():\n"
      "    barrier.wait(timeout=20)\n"
      "    return 1\n");
  CHECK(Python::interpreter().in_threads({{"meet", {}}, {"meet", {}}}) ==
        PythonValues(2, std::int64_t{1}));
}

TEST_CASE("a signal to a thread that waits for the lock changes nothing")
{
  Python& python = Python::interpreter();
  struct sigaction action {};
  struct sigaction former {};
  static std::atomic<int> handled{0};
  action.sa_handler = [](int) { ++handled; };  // without SA_RESTART
  ::sigaction(SIGUSR1, &action, &former);
  PythonValues values;
  std::jthread waiting;
  {
    const py::gil_scoped_acquire lock;
    waiting = std::jthread([&] { values = python.one_after_the_other(fibs(20, 20)); });
    for (int i = 0; i < 20; ++i) {
      ::pthread_kill(waiting.native_handle(), SIGUSR1);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(values.empty());
  }
  waiting.join();
  CHECK(values == known_fibs(20, 20));
  CHECK(handled > 0);
  ::sigaction(SIGUSR1, &former, nullptr);
}
