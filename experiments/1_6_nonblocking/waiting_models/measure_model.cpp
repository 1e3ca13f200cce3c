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

std::vector<std::pair<std::string, double>> counters_of(const EchoFigures& figures,
                                                        const Usage& server)
{
  const auto messages = static_cast<double>(figures.messages);
  return {{"p50_ms", figures.p50_ms},
          {"p90_ms", figures.p90_ms},
          {"p99_ms", figures.p99_ms},
          {"p99_9_ms", figures.p99_9_ms},
          {"max_ms", figures.max_ms},
          {"p99_s", figures.p99_ms / 1e3},
          {"messages_per_s", figures.messages_per_s()},
          {"seconds_per_message", figures.seconds / messages},
          {"server_cpu_s_per_message", to_seconds(server.user + server.system) / messages},
          {"voluntary_switches_per_message",
           static_cast<double>(server.voluntary_switches) / messages}};
}

}  // namespace

Series measure_model(const Model& model, int clients, const Settings& settings)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      if (clients > model.most_clients)
        throw Skipped(fmt::format("{} serves {} clients at most: {}", model.name,
                                  model.most_clients, model.limit));
      const Cores cores = choose_cores();
      EchoLoad load{.clients = clients,
                    .payload_bytes = static_cast<std::size_t>(settings.payload_bytes)};
      load.messages_each = static_cast<std::uint64_t>((settings.messages + clients - 1) / clients);
      Report report;
      Costs costs;
      count_staff(costs, model.staff, clients, settings);
      for (auto _ : state) {
        ServerProcess server(model.name, settings, cores.server);
        load.target = server.endpoint();
        const EchoFigures figures = talk_to(server, load, cores.clients);
        const ServerCosts spent = server.stop();
        state.SetIterationTime(figures.seconds);
        costs.usage += spent.usage;
        costs.peak_memory_bytes = std::max(costs.peak_memory_bytes, spent.peak_memory_bytes);
        report.units += static_cast<double>(figures.messages);
        report.counters = counters_of(figures, spent.usage);
      }
      publish(state, costs, report);
    });
  };
  return {model.name, {{"clients", std::to_string(clients)}}, body};
}

}  // namespace two_cakes
