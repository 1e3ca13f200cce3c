#include "tasks/descriptor_table.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("a descriptor has an entry once it was made, and a negative one never")
{
  DescriptorTable<int> table;
  CHECK(!table.has(0));
  table.made(3) = 7;
  CHECK(table.has(0));
  CHECK(table[3] == 7);
  CHECK(table.made(3) == 7);
  CHECK(!table.has(-1));
  CHECK_THROWS_AS(table.made(-1), std::out_of_range);
  CHECK(!table.has(100'000));
}

TEST_CASE("entries stay where they are while the table grows, each its own")
{
  DescriptorTable<std::string> table;
  const std::string* const first = &table.made(0);
  for (int fd = 0; fd < 10'000; ++fd) table.made(fd) = std::to_string(fd);
  CHECK(first == &table[0]);
  int wrong = 0;
  for (int fd = 0; fd < 10'000; ++fd) wrong += table[fd] != std::to_string(fd) ? 1 : 0;
  CHECK(wrong == 0);
}

TEST_CASE("an entry of a line's size begins a line")
{
  struct alignas(64) Line {
    char bytes[64];
  };
  DescriptorTable<Line> table;
  for (const int fd : {0, 1, 63, 64, 1'000})
    CHECK(reinterpret_cast<std::uintptr_t>(&table.made(fd)) % 64 == 0);
}
