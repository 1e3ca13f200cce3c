#include "tasks/small_function.hpp"

#include <array>
#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

#include "catch.hpp"

using namespace two_cakes;

namespace {

/// Counts who lives, so that nothing is destroyed twice or never.
struct Counted {
  explicit Counted(int& living) : living_(&living) { ++*living_; }
  Counted(const Counted& other) : living_(other.living_) { ++*living_; }
  Counted(Counted&& other) noexcept : living_(other.living_) { ++*living_; }
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --*living_; }
  void operator()() const {}
  int* living_;
};

template <std::size_t kBytes>
struct Large : Counted {
  using Counted::Counted;
  std::array<char, kBytes> ballast{};
};

struct MayThrowWhenMoved : Counted {
  using Counted::Counted;
  MayThrowWhenMoved(MayThrowWhenMoved&& other) noexcept(false) : Counted(other) {}
};

}  // namespace

TEST_CASE("it calls what it holds, small or large")
{
  int sum = 0;
  SmallFunction small([&sum] { sum += 1; });
  SmallFunction large([&sum, numbers = std::array<int, 100>{20}] { sum += numbers[0]; });
  SmallFunction standard(std::function<void()>([&sum] { sum += 300; }));
  small();
  large();
  standard();
  small();
  REQUIRE(sum == 322);
}

TEST_CASE("it is empty by default, and after it was moved from or reset")
{
  REQUIRE(!SmallFunction());
  SmallFunction first([] {});
  REQUIRE(first);
  SmallFunction second(std::move(first));
  REQUIRE(!first);
  REQUIRE(second);
  second.reset();
  REQUIRE(!second);
  second.reset();
}

TEST_CASE("what can only be moved can be held, and it is never copied")
{
  int seen = 0;
  SmallFunction function([&seen, owned = std::make_unique<int>(5)] { seen = *owned; });
  SmallFunction moved = std::move(function);
  moved();
  REQUIRE(seen == 5);
  REQUIRE(!std::is_copy_constructible_v<SmallFunction>);
  REQUIRE(!std::is_constructible_v<SmallFunction, int>);
}

TEMPLATE_TEST_CASE("all that is made is destroyed, once", "", Counted, Large<8>, Large<32>,
                   Large<33>, Large<500>, MayThrowWhenMoved)
{
  int living = 0;
  {
    SmallFunction function{TestType(living)};
    REQUIRE(living == 1);
    SmallFunction other{TestType(living)};
    other = std::move(function);
    REQUIRE(living == 1);
    SmallFunction& self = other;
    other = std::move(self);
    REQUIRE(other);
    other();
    std::vector<SmallFunction> many;
    for (int i = 0; i < 20; ++i) many.emplace_back(TestType(living));
    REQUIRE(living == 21);
  }
  REQUIRE(living == 0);
}

TEST_CASE("an exception passes through")
{
  SmallFunction function([] { throw 7; });
  REQUIRE_THROWS_AS(function(), int);
}
