#include "work/dictionary.hpp"

namespace two_cakes {

Dictionary make_dictionary(std::size_t entries)
{
  Dictionary dictionary;
  dictionary.reserve(entries);
  for (std::size_t i = 0; i < entries; ++i) dictionary.emplace("word-" + std::to_string(i), i);
  return dictionary;
}

[[gnu::noipa]] std::uint64_t walk(const Dictionary& dictionary)
{
  std::uint64_t sum = 0;
  for (const auto& [word, value] : dictionary) sum += value;
  return sum;
}

}  // namespace two_cakes
