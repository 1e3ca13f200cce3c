#include "harness/series.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace two_cakes {
namespace {

// What Google Benchmark itself adds to a name to say how it measured.
bool is_suffix_of_google_benchmark(std::string_view part)
{
  for (const std::string_view known : {"manual_time", "real_time", "process_time"})
    if (part == known) return true;
  for (const std::string_view known :
       {"iterations:", "repeats:", "threads:", "min_time:", "min_warmup_time:"})
    if (part.starts_with(known)) return true;
  return false;
}

}  // namespace

std::string parameter_text(const Series& series)
{
  std::string text;
  for (const Parameter& parameter : series.parameters) {
    if (!text.empty()) text += '/';
    text += parameter.name + ':' + parameter.value;
  }
  return text;
}

std::string series_name(std::string_view experiment, const Series& series)
{
  std::string name = std::string(experiment) + '/' + series.model;
  if (!series.parameters.empty()) name += '/' + parameter_text(series);
  return name;
}

SeriesName parse_series_name(std::string_view name)
{
  std::vector<std::string_view> parts;
  while (!name.empty()) {
    const auto slash = std::min(name.find('/'), name.size());
    parts.push_back(name.substr(0, slash));
    name.remove_prefix(std::min(slash + 1, name.size()));
  }
  SeriesName result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i == 0) result.experiment = parts[i];
    else if (i == 1) result.model = parts[i];
    else if (!is_suffix_of_google_benchmark(parts[i]))
      result.parameters.append(result.parameters.empty() ? "" : "/").append(parts[i]);
  }
  return result;
}

std::vector<Series> in_order(std::vector<Series> series, std::uint64_t seed, bool reversed)
{
  if (seed != 0) {
    // Fisher and Yates by hand: std::shuffle may differ between libraries, and the order is part of
    // the record.
    std::mt19937_64 random(seed);
    for (std::size_t left = series.size(); left > 1; --left)
      std::swap(series[left - 1], series[random() % left]);
  }
  if (reversed) std::reverse(series.begin(), series.end());
  return series;
}

}  // namespace two_cakes
