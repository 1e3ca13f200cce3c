#include "measure_model.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

/// The program's own pages (stack, buffers) are touched meanwhile too.
bool is_about(std::int64_t found, std::int64_t expected, std::int64_t pages)
{
  return found >= expected - pages / 8 && found <= expected + pages / 8;
}

void check_facts(const Touched& touched, std::size_t seen, const Model& model, Touch how, int pages)
{
  if (touched.right_pages != pages)
    throw WrongAnswer(fmt::format("the other one saw {} of {} pages", touched.right_pages, pages));
  const bool writes = how == Touch::kWrites;
  const std::size_t expected = writes && model.parent_sees ? static_cast<std::size_t>(pages) : 0;
  if (seen != expected)
    throw WrongAnswer(fmt::format("the parent sees {} changed pages, not {}", seen, expected));
  const int copies = writes && model.write_is_copied ? pages : 0;
  if (touched.copied_pages != -1 && !is_about(touched.copied_pages, copies, pages))
    throw WrongAnswer(fmt::format("{} pages were copied, not {}", touched.copied_pages, copies));
  if (touched.page_faults < copies)
    throw WrongAnswer(fmt::format("{} page faults for {} copies", touched.page_faults, copies));
}

}  // namespace

Series measure_model(const Model& model, Touch how, int pages)
{
  const auto body = [=](benchmark::State& state) {
    run_series(state, [&] {
      Region region(model.sharing, static_cast<std::size_t>(pages));
      double touch_s = 0;
      double faults = 0;
      double copied = 0;
      double seen_pages = 0;
      const auto run = [&] { return skip_at_a_limit([&] { return model.touch(region, how); }); };
      const auto check = [&](const Touched& touched, Report& report) {
        const std::size_t seen = region.count(Region::kWritten);
        check_facts(touched, seen, model, how, pages);
        region.fill(Region::kBefore);
        report.units += pages;
        const double done = report.units / pages;
        report.counters = {
            {"touch_s", (touch_s += static_cast<double>(touched.took_ns) / 1e9) / done},
            {"page_faults", (faults += static_cast<double>(touched.page_faults)) / done},
            {"seen_pages", (seen_pages += static_cast<double>(seen)) / done}};
        if (touched.copied_pages != -1)
          report.counters.emplace_back(
              "copied_pages", (copied += static_cast<double>(touched.copied_pages)) / done);
      };
      measure(state, run, check);
    });
  };
  const char* does = how == Touch::kReads ? "reads" : "writes";
  return {model.name, {{"does", does}, {"pages", std::to_string(pages)}}, body};
}

}  // namespace two_cakes
