// A series: one model at one point of the sweep, and its name as Google Benchmark writes names.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace two_cakes {

struct Parameter {
  std::string name;
  std::string value;
};

struct Series {
  std::string model;  // a word of the vocabulary: blocking, threads, event_loop, ...
  std::vector<Parameter> parameters;  // {"work", "io"}, {"jobs", "64"}
  std::function<void(benchmark::State&)> body;
};

/// "work:io/jobs:64"
std::string parameter_text(const Series& series);

/// "matrix/event_loop/work:io/jobs:64"
std::string series_name(std::string_view experiment, const Series& series);

/// What Google Benchmark made of such a name ("/manual_time" at its end), taken apart again.
struct SeriesName {
  std::string experiment;
  std::string model;
  std::string parameters;
};
SeriesName parse_series_name(std::string_view name);

/// The series in the order of a trial: a random order made from `seed` (0 keeps the written one),
/// backwards if `reversed`. The same seed gives the same order on every machine.
std::vector<Series> in_order(std::vector<Series> series, std::uint64_t seed, bool reversed);

}  // namespace two_cakes
