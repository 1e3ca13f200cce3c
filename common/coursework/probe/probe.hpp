// The C++ half of a lab's tests. A probe drives the student's code and reports what it saw; it never judges: that is
// done by the lab's cases.py, in another process that the tested one can't reach.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#ifndef PROBE_NAMESPACE  // a grading has a name of its own here, which the student's code can't know
#define PROBE_NAMESPACE probe_of_your_own_build
#endif

namespace PROBE_NAMESPACE {

/// What the case sent.
struct Request {
  std::vector<std::int64_t> numbers;
  std::string word;
};

/// Tells the judge that `name` was seen with `value`, one line of text. From any thread, and from forked children too.
void observe(std::string_view name, std::string_view value);
void observe(std::string_view name, double value);
void observe(std::string_view name, std::int64_t value);

template <std::integral Integer>
void observe(std::string_view name, Integer value)
{
  observe(name, static_cast<std::int64_t>(value));
}

inline void observe(std::string_view name, const char* value)
{
  observe(name, std::string_view{value});
}

inline void observe(std::string_view name, const std::string& value)
{
  observe(name, std::string_view{value});
}

/// Blocks until the case says go(). False: the judge is gone, end the probe.
[[nodiscard]] bool wait_for_judge();

/// A probe, by its name. Made by PROBE, before main.
struct Registered {
  Registered(const char* name, void (*body)(const Request&));
};

}  // namespace PROBE_NAMESPACE

using namespace PROBE_NAMESPACE;

/// PROBE(name) { ... }: the body gets `const Request& request`. What it throws becomes the observation `threw`.
#define PROBE(name)                                                   \
  static void probe_##name(const Request& request);                   \
  static const Registered registered_##name{#name, &probe_##name};    \
  static void probe_##name([[maybe_unused]] const Request& request)
