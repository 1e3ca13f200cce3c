// Question       Listing 1.1 fetches a page, formats its headers, writes a file: which is I/O-bound?
// Fixed          one thread; a server that takes 20 ms; a file of a few hundred bytes.
// Varied         the phase.
// Expect         the request waits nearly all of its time, formatting computes all of its time.
//                Writing a small file computes too: it ends in memory, and only a write that is
//                followed to the disk (synced) waits.
// Does not show  a network; a slow disk.
#include "harness/experiment.hpp"
#include "measure_phase.hpp"
#include "phases.hpp"
#include "work/target_server.hpp"

using namespace two_cakes;

int main(int argc, char** argv)
{
  return run_program([&] {
    Experiment experiment(
        {.name = "listing_1_1",
         .section = "1_2_io_cpu",
         .title = "Listing 1.1: how much of each phase is computing, and how much waiting",
         .baseline = ""});
    std::string address;
    std::chrono::milliseconds wait{20};
    std::chrono::milliseconds deadline{10'000};
    experiment.option("--target", address,
                      "Fetch from the HTTP server at host:port, not from ours");
    experiment.option("--wait-ms", wait, "What the server is asked to wait");
    experiment.option("--deadline-ms", deadline, "The longest that the request may take");
    experiment.parse(argc, argv);

    const TargetServer server(address, deadline);
    HeadersFile file;
    std::string head;
    std::string formatted;
    const auto fetch_once = [&] {
      if (head.empty()) head = request_headers(server.target(), wait);
      formatted = format_headers(head);
    };

    const auto has_length = [&](const std::string& text) { return text.size() == head.size(); };
    const auto is_formatted = [&](const std::string& text) { return text == formatted; };
    const auto is_in_file = [&](const std::string&) { return file.take(formatted); };
    const auto request = [&] { return request_headers(server.target(), wait); };
    experiment.add(measure_phase("request", fetch_once, request, has_length));
    experiment.add(measure_phase(
        "format_headers", fetch_once, [&] { return format_headers(head); }, is_formatted));
    experiment.add(measure_phase(
        "write_file", fetch_once, [&] { return file.write(formatted); }, is_in_file));
    experiment.add(measure_phase(
        "write_file_synced", fetch_once, [&] { return file.write_synced(formatted); }, is_in_file));
    return experiment.run();
  });
}
