// CPU kernel: a walk over a dictionary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace two_cakes {

/// A dictionary of `entries` words: "word-0" -> 0, "word-1" -> 1, and so on.
using Dictionary = std::unordered_map<std::string, std::uint64_t>;
Dictionary make_dictionary(std::size_t entries);

/// Visits every entry and adds up the values. Bound by memory rather than by arithmetic.
/// Known answer: entries * (entries - 1) / 2.
std::uint64_t walk(const Dictionary& dictionary);

}  // namespace two_cakes
