#include "settings.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "harness/number_list.hpp"

namespace two_cakes {

void Settings::add_to(Experiment& experiment)
{
  experiment.option("--clients", clients_text,
                    "How many clients, a list (quick: 1,128; full: 1,10,100,1000,5000)");
  experiment.option("--payload-bytes", payload_bytes, "The length of a message");
  experiment.option("--messages", messages,
                    "Messages of all clients together (quick: 3000, full: 100000)", 0);
  experiment.option("--pool-threads", pool_threads, "Threads of thread_pool");
  experiment.option("--spin-us", spin_us,
                    "How long event_loop and coroutines look again and again before they sleep", 0);
  experiment.option("--serve", serve, "Serve this model alone until SIGTERM, and measure nothing");
  experiment.option("--port", port, "With --serve: the port (0: any free one)", 0);
  experiment.option("--ready-fd", ready_fd,
                    "With --serve: write the port to this descriptor instead of stderr", -1);
}

void Settings::complete(const Experiment& experiment)
{
  if (clients_text.empty()) clients_text = experiment.pick("4", "1,128", "1,10,100,1000,5000");
  clients = NumberList{"--clients", 100'000, "1,64"}.parse(clients_text);
  if (messages == 0) messages = experiment.pick(1'000, 3'000, 100'000);
  if (payload_bytes > 1 << 28)
    throw UsageError(
        fmt::format("--payload-bytes: {} is too long; give up to 268435456", payload_bytes));
  if (port > 65'535)
    throw UsageError(fmt::format("--port: {} is none; give one up to 65535", port));
}

}  // namespace two_cakes
