#include "os/futex_baton.hpp"

#include <cstdint>
#include <thread>

#include "catch.hpp"
#include "os/child.hpp"
#include "os/shared.hpp"

using namespace two_cakes;

namespace {

/// Two players, who each write the other's number of moves down.
struct Game {
  FutexBaton baton;
  std::uint64_t moves = 0;
  bool in_turn = true;

  void play(std::uint32_t me, int rounds)
  {
    for (; rounds > 0; --rounds) {
      baton.wait_for(me);
      in_turn = in_turn && moves % 2 == me;
      ++moves;
      baton.pass_to(1 - me);
    }
  }
};

}  // namespace

TEST_CASE("a baton goes to and fro between two threads, and nobody moves out of turn")
{
  Game game;
  std::thread other([&] { game.play(1, 1000); });
  game.play(0, 1000);
  other.join();
  REQUIRE(game.moves == 2000);
  REQUIRE(game.in_turn);
}

TEST_CASE("a baton goes to and fro between two processes")
{
  Shared<Game> game;
  Child other = Child::fork([&] {
    (*game).play(1, 200);
    return 0;
  });
  (*game).play(0, 200);
  REQUIRE(other.wait().good());
  REQUIRE((*game).moves == 400);
  REQUIRE((*game).in_turn);
}

TEST_CASE("any number can be waited for, and one that has come already isn't slept on")
{
  FutexBaton baton;
  baton.wait_for(0);
  baton.pass_to(4'000'000'000);
  baton.wait_for(4'000'000'000);
}
