#include "measure_model.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/errors.hpp"
#include "harness/measure.hpp"
#include "os/skip_at_a_limit.hpp"

namespace two_cakes {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr int kThreadsOfAChild = 2;  // ThreadSanitizer adds one of its own
#else
constexpr int kThreadsOfAChild = 1;
#endif

void claim(bool holds, const char* claimed, const Greeting& greeting)
{
  if (!holds) throw WrongAnswer(fmt::format("{}? {}", claimed, greeting.to_string()));
}

void check_facts(const Meeting& meeting, const Model& model)
{
  const Greeting& said = meeting.said;
  if (!said.is_of_same(meeting.shown))
    throw WrongAnswer(
        fmt::format("{}, but /proc shows {}", said.to_string(), meeting.shown.to_string()));
  claim((said.process == ::getpid()) == model.same_process, "whose process", said);
  claim((said.thread == ::gettid()) == model.same_thread, "whose thread", said);
  claim(said.parent == (model.same_process ? ::getppid() : ::getpid()), "whose child", said);
  for (const int threads : {said.threads, meeting.shown.threads}) {
    if (!model.same_process) claim(threads <= kThreadsOfAChild, "how many threads", said);
    else claim(threads >= (model.same_thread ? 1 : 2), "how many threads", said);
  }
}

}  // namespace

Series measure_model(const Model& model, bool aloud)
{
  const auto body = [=, told = false](benchmark::State& state) mutable {
    const auto run = [&] { return skip_at_a_limit(model.meet); };
    const auto check = [&](const Meeting& meeting, Report& report) {
      check_facts(meeting, model);
      if (aloud && !told) fmt::print("Hello from {}\n", meeting.said.to_string());
      told = true;
      report.units += 1;
      report.counters = {{"threads", meeting.said.threads}};
    };
    measure(state, run, check);
  };
  return {model.name, {{"listing", model.listing}}, body};
}

}  // namespace two_cakes
