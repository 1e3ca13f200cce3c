#include "tasks/ready_queue.hpp"

#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace two_cakes;

TEST_CASE("first in, first out, over many pages")
{
  ReadyQueue queue;
  std::vector<int> order;
  int next = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 1000; ++i)
      queue.push([&order, number = next++] { order.push_back(number); });
    for (int i = 0; i < (round % 2 == 0 ? 300 : 1700) && !queue.empty(); ++i) queue.take().run();
  }
  while (!queue.empty()) queue.take().run();
  REQUIRE(order.size() == 20'000);
  for (int i = 0; i < 20'000; ++i) REQUIRE(order[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("a burst's memory is given back, and the queue works on")
{
  ReadyQueue queue;
  int ran = 0;
  for (int i = 0; i < 10'000; ++i) queue.push([&ran] { ++ran; });
  while (!queue.empty()) queue.take().run();
  queue.push([&ran] { ++ran; });
  queue.take().run();
  CHECK(ran == 10'001);
}

TEST_CASE("callables of any size, and such as can only be moved; each is destroyed once")
{
  ReadyQueue queue;
  std::string seen;
  auto owned = std::make_unique<int>(5);
  const auto shared = std::make_shared<int>(1);
  queue.push([&seen, owned = std::move(owned)] { seen += std::to_string(*owned); });
  queue.push([&seen, text = std::string(500, 'x')] { seen += text.back(); });
  queue.push([shared] {});
  queue.push([shared] {});
  CHECK(shared.use_count() == 3);
  queue.take().run();
  queue.take().run();
  queue.take().run();
  CHECK(shared.use_count() == 2);
  queue.take().drop();
  CHECK(shared.use_count() == 1);
  CHECK(seen == "5x");
}

TEST_CASE("what is left in a queue is destroyed with it, and not run")
{
  const auto shared = std::make_shared<int>(1);
  bool ran = false;
  {
    ReadyQueue queue;
    queue.push([shared, &ran] { ran = true; });
  }
  CHECK(!ran);
  CHECK(shared.use_count() == 1);
}

TEST_CASE("a callable that throws is destroyed, and the next one runs")
{
  ReadyQueue queue;
  const auto shared = std::make_shared<int>(1);
  bool ran = false;
  queue.push([shared] { throw 1; });
  queue.push([&ran] { ran = true; });
  CHECK_THROWS_AS(queue.take().run(), int);
  CHECK(shared.use_count() == 1);
  queue.take().run();
  CHECK(ran);
}

TEST_CASE("a forgotten entry does nothing, and moves nobody")
{
  ReadyQueue queue;
  static std::string order;
  order.clear();
  static char names[] = "abc";
  const ReadyQueue::Action note = [](void* what, ReadyQueue::Verb) {
    order += *static_cast<char*>(what);
  };
  for (int i = 0; i < 100; ++i) {  // so that the ring has turned around
    queue.push(note, &names[0]);
    queue.take();
  }
  queue.push(note, &names[0]);
  const auto second = queue.push(note, &names[1]);
  for (int i = 0; i < 200; ++i) queue.push(note, &names[2]);
  queue.forget(second);
  while (!queue.empty()) queue.take().run();
  CHECK(order == "a" + std::string(200, 'c'));
}
