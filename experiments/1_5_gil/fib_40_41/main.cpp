// Question       Two numbers, two threads: does Python compute them at once? And what does C++ do
//                with the same lock?
// Fixed          fib(n) and fib(n + 1), naive, one job each: listings 1.5 and 1.6 of the chapter.
// Varied         who computes: CPython, CPython without its lock, C++, C++ under an imitation of
//                the lock; one after the other, two threads, two processes; oneTBB, which splits
//                the recursion.
// Expect         CPython's threads gain nothing, and C++ under one lock neither. Processes, and
//                C++ threads, gain up to 1.618: the longer job takes phi times the shorter. oneTBB
//                goes past that, up to the number of cores.
// Does not show  jobs that wait (two_requests_python); what more threads do (imitated_gil).
#include <string_view>

#include "base/errors.hpp"
#include "harness/experiment.hpp"
#include "measure_model.hpp"
#include "script.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "fib_40_41",
         .section = "1_5_gil",
         .title = "Two Fibonacci numbers at once: CPython, C++, and C++ under CPython's lock",
         .baseline = "blocking"});
    int n = 0;
    std::string script;
    experiment.option(
        "--n", n,
        "The smaller of the two numbers (0: 27 in CPython and 37 in C++; the book's is 40)", 0);
    experiment.option("--script", script,
                      "A Python file whose fib(n) replaces the chapter's in CPython");
    experiment.parse(argc, argv);
    if (n != 0 && (n < 3 || n > 60))
      throw UsageError("--n: give a number from 3 to 60; the book's is 40");
    if (!script.empty()) use_script(script);
    // C++ computes some hundred times faster: ten numbers further on it takes about as long.
    const int n_python = n != 0 ? n : experiment.pick(12, 27, 32);
    const int n_cpp = n != 0 ? n : experiment.pick(22, 37, 42);

    // clang-format off
    const Model models[] = {
        // name        who computes     mechanism                   bound               n
        {"blocking",  "cpython",       run_python_blocking,        Bound::kAllWork,     n_python},
        {"threads",   "cpython",       run_python_threads,         Bound::kLongerJob,   n_python},
        {"processes", "cpython",       run_python_processes,       Bound::kLongerJob,   n_python},
        {"blocking",  "free_threaded", run_free_threaded_blocking, Bound::kAllWork,     n_python},
        {"threads",   "free_threaded", run_free_threaded_threads,  Bound::kLongerJob,   n_python},
        {"blocking",  "cpp",           run_blocking,               Bound::kAllWork,     n_cpp},
        {"threads",   "cpp",           run_threads,                Bound::kLongerJob,   n_cpp},
        {"tbb",       "cpp",           run_tbb,                    Bound::kWorkByCores, n_cpp},
        {"processes", "cpp",           run_processes,              Bound::kLongerJob,   n_cpp},
        {"blocking",  "cpp_locked",    run_locked_blocking,        Bound::kAllWork,     n_cpp},
        {"threads",   "cpp_locked",    run_locked_threads,         Bound::kLongerJob,   n_cpp},
        {"processes", "cpp_locked",    run_locked_processes,       Bound::kLongerJob,   n_cpp},
    };
    // clang-format on

    const Model* one_at_a_time = models;  // the "blocking" of the same language stands before it
    for (const Model& model : models) {
      if (std::string_view(model.name) == "blocking") one_at_a_time = &model;
      experiment.add(measure_model(model, one_at_a_time->run));
    }
    return experiment.run();
  });
}
