#include "measure_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/affinity.hpp"
#include "serve_alone.hpp"
#include "work/echo_client_process.hpp"

namespace two_cakes {
namespace {

/// Where the server and the clients run; -1 where there is one core for both.
struct Cores {
  int server = -1;
  int clients = -1;
};

Cores choose_cores()
{
  const std::vector<int> cores = allowed_cores();
  if (cores.size() < 2) return {};
  return {.server = cores[cores.size() - 2], .clients = cores.back()};
}

/// Known, and not seen: the meter looks at this process alone.
void count_staff(Costs& costs, Staff staff, int clients, const Settings& settings)
{
  const auto each = static_cast<std::size_t>(clients);
  const auto pool = static_cast<std::size_t>(settings.pool_threads);
  costs.peak_threads = 1 + (staff == Staff::kThreadEach ? each : staff == Staff::kPool ? pool : 0);
  costs.peak_processes = 1 + (staff == Staff::kProcessEach ? each : 0);
}

EchoFigures talk_to(ServerProcess& server, const EchoLoad& load, int core)
{
  try {
    return run_echo_client_process(load, core);
  } catch (const std::exception&) {
    server.rethrow_its_reason();  // which tells more than that nobody answered
    throw;
  }
}

/// Of all iterations: `last` is what the clients of the last one saw.
std::vector<std::pair<std::string, double>> counters_of(const EchoFigures& last, double messages,
                                                        double seconds, const Usage& server)
{
  return {{"p50_ms", last.p50_ms},
          {"p90_ms", last.p90_ms},
          {"p99_ms", last.p99_ms},
          {"p99_9_ms", last.p99_9_ms},
          {"max_ms", last.max_ms},
          {"p99_s", last.p99_ms / 1e3},
          {"messages_per_s", messages / seconds},
          {"seconds_per_message", seconds / messages},
          {"server_cpu_s_per_message", to_seconds(server.user + server.system) / messages},
          {"voluntary_switches_per_message",
           static_cast<double>(server.voluntary_switches) / messages}};
}

EchoLoad load_of(int clients, const Settings& settings)
{
  EchoLoad load{.clients = clients,
                .payload_bytes = static_cast<std::size_t>(settings.payload_bytes)};
  // One alone says a quarter: each of its messages takes the time that two cores need to wake up.
  const int messages = clients == 1 ? settings.messages / 4 : settings.messages;
  load.messages_each = static_cast<std::uint64_t>(std::max(1, (messages + clients - 1) / clients));
  return load;
}

void measure_server(benchmark::State& state, const Model& model, int clients,
                    const Settings& settings)
{
  const Cores cores = choose_cores();
  EchoLoad load = load_of(clients, settings);
  Report report;
  Costs costs;
  EchoFigures last;
  double seconds = 0;
  ServerProcess server(model.name, settings, cores.server);
  load.target = server.endpoint();
  for (auto _ : state) {
    last = talk_to(server, load, cores.clients);
    state.SetIterationTime(last.seconds);
    seconds += last.seconds;
    report.units += static_cast<double>(last.messages);
  }
  const ServerCosts spent = server.stop();
  costs.usage = spent.usage;
  costs.peak_memory_bytes = spent.peak_memory_bytes;
  count_staff(costs, model.staff, clients, settings);
  report.counters = counters_of(last, report.units, seconds, spent.usage);
  publish(state, costs, report);
}

}  // namespace

Series measure_model(const Model& model, int clients, const Settings& settings)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      if (clients > model.most_clients)
        throw Skipped(fmt::format("{} serves {} clients at most: {}", model.name,
                                  model.most_clients, model.limit));
      measure_server(state, model, clients, settings);
    });
  };
  return {model.name, {{"clients", std::to_string(clients)}}, body};
}

}  // namespace two_cakes
