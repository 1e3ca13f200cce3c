#include "base/unique_fd.hpp"

#include <fcntl.h>

#include <type_traits>
#include <utility>

#include "catch.hpp"

using namespace two_cakes;

namespace {

int new_descriptor() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

}  // namespace

TEST_CASE("a UniqueFd has one owner")
{
  static_assert(!std::is_copy_constructible_v<UniqueFd> && !std::is_copy_assignable_v<UniqueFd>);
  static_assert(std::is_nothrow_move_constructible_v<UniqueFd> &&
                std::is_nothrow_move_assignable_v<UniqueFd>);
  static_assert(!std::is_convertible_v<int, UniqueFd>);
}

TEST_CASE("an empty UniqueFd holds minus one")
{
  UniqueFd none;
  REQUIRE(none.get() == -1);
  REQUIRE(!none);
  none.reset();  // and closing nothing is nothing
  REQUIRE(none.get() == -1);
}

TEST_CASE("descriptor 0 counts as one")
{
  UniqueFd standard_input(0);
  REQUIRE(bool(standard_input));
  REQUIRE(standard_input.release() == 0);
}

TEST_CASE("the descriptor is closed with the object")
{
  const int number = new_descriptor();
  {
    const UniqueFd fd(number);
    REQUIRE(is_open(number));
  }
  REQUIRE(!is_open(number));
}

TEST_CASE("a moved-from UniqueFd doesn't close what took its number")
{
  const int number = new_descriptor();
  int reused = -1;
  {
    UniqueFd first(number);
    {
      const UniqueFd second(std::move(first));
      REQUIRE(second.get() == number);
      REQUIRE(!first);
    }
    REQUIRE(!is_open(number));
    reused = new_descriptor();  // the kernel gives the lowest free number: the same one
    REQUIRE(reused == number);
  }
  REQUIRE(is_open(reused));
  ::close(reused);
}

TEST_CASE("move assignment closes what was held, and nothing else")
{
  UniqueFd left(new_descriptor());
  UniqueFd right(new_descriptor());
  const int old = left.get();
  const int kept = right.get();
  left = std::move(right);
  REQUIRE(!is_open(old));
  REQUIRE(is_open(kept));
  REQUIRE(left.get() == kept);
  REQUIRE(!right);
}

TEST_CASE("a UniqueFd survives being moved to itself")
{
  UniqueFd fd(new_descriptor());
  UniqueFd& same = fd;
  fd = std::move(same);
  REQUIRE(is_open(fd.get()));
}

TEST_CASE("release gives the descriptor away open")
{
  const int number = new_descriptor();
  {
    UniqueFd fd(number);
    REQUIRE(fd.release() == number);
    REQUIRE(!fd);
  }
  REQUIRE(is_open(number));
  ::close(number);
}

TEST_CASE("reset takes another descriptor over")
{
  UniqueFd fd(new_descriptor());
  const int old = fd.get();
  const int next = new_descriptor();
  fd.reset(next);
  REQUIRE(!is_open(old));
  REQUIRE(fd.get() == next);
  fd.reset();
  REQUIRE(!is_open(next));
}
