// Question       Where does the time of an operation go: into computing, or into waiting?
// Fixed          one thread, one operation at a time, blocking.
// Varied         the operation: digits of pi, a walk over a dictionary, a web request, a file read.
// Expect         pi and the dictionary keep the core busy all the time (CPU-bound); the request
//                leaves it idle for nearly all of it (I/O-bound), the file as far as the disk is
//                slow: from a fast one, copying and looking up count, too.
// Does not show  what to do about it: that is matrix.
#include "base/errors.hpp"
#include "harness/experiment.hpp"
#include "operations.hpp"
#include "os/usage.hpp"
#include "work/target_server.hpp"

using namespace two_cakes;

namespace {

using MakeOperation = std::function<std::unique_ptr<Operation>()>;

Series measure_operation(const std::string& name, const MakeOperation& make)
{
  const auto body = [make](benchmark::State& state) {
    run_series(state, [&] {
      const auto operation = make();
      const std::string expected = operation->expected();
      double cpu_s = 0;
      const auto run = [&] {
        const auto before = cpu_time_of_thread();
        std::string answer = operation->run();
        cpu_s += to_seconds(cpu_time_of_thread() - before);
        return answer;
      };
      const auto check = [&](const std::string& answer, Report& report) {
        if (answer != expected) throw WrongAnswer("the answer is '" + answer.substr(0, 40) + "'");
        report.units += 1;
        report.counters = {{"cpu_s", cpu_s / report.units}};
        operation->prepare();
      };
      operation->prepare();
      measure(state, run, check);
    });
  };
  return {"blocking", {{"task", name}}, body};
}

}  // namespace

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "where_time_goes",
         .section = "1_2_io_cpu",
         .title = "CPU time over wall time, for operations that compute and operations that wait",
         .baseline = ""});
    std::string address;
    std::chrono::milliseconds wait{20};
    std::chrono::milliseconds deadline{10'000};
    experiment.option(
        "--target", address,
        "Send the request to the HTTP server at host:port instead of our slow server");
    experiment.option("--wait-ms", wait, "What the server is asked to wait");
    experiment.option("--deadline-ms", deadline, "The longest that the request may take");
    experiment.parse(argc, argv);

    const TargetServer server(address, deadline);
    const auto digits = experiment.pick<std::size_t>(100, 1'500, 5'000);
    const auto entries = experiment.pick<std::size_t>(1'000, 500'000, 2'000'000);
    const auto bytes = experiment.pick<std::size_t>(1, 16, 64) * kMebibyte;
    experiment.add(measure_operation("pi", [=] { return make_pi(digits); }));
    experiment.add(measure_operation("dictionary", [=] { return make_dictionary_walk(entries); }));
    experiment.add(
        measure_operation("web_request", [&] { return make_web_request(server.target(), wait); }));
    experiment.add(measure_operation("file_read", [=] { return make_file_read(bytes); }));
    return experiment.run();
  });
}
