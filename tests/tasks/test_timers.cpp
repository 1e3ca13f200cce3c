#include "tasks/timers.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include "catch.hpp"
#include "coroutine_case.hpp"
#include "tasks/timer_handle.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

struct Node : TimerNode {
  Clock::time_point when;
  int number = 0;
};

}  // namespace

TEST_CASE("nodes come out by deadline, and those of equal deadlines in their order")
{
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    TimerQueue queue;
    std::vector<Node> nodes(300);
    std::vector<Node*> expected;
    for (int i = 0; i < 300; ++i) {
      Node& node = nodes[static_cast<std::size_t>(i)];
      node.number = i;
      node.when = Clock::time_point(Clock::duration(random() % 40));
      queue.add(node, node.when);
      expected.push_back(&node);
    }
    // A third is taken out again, wherever it is.
    for (Node& node : nodes)
      if (random() % 3 == 0) {
        queue.remove(node);
        std::erase(expected, &node);
      }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Node* a, const Node* b) { return a->when < b->when; });
    std::vector<Node*> taken;
    while (!queue.empty()) {
      const auto earliest = queue.earliest();
      REQUIRE(queue.take_due(earliest - 1ns) == nullptr);
      taken.push_back(static_cast<Node*>(queue.take_due(earliest)));
      REQUIRE(taken.back()->when == earliest);
    }
    REQUIRE(taken == expected);
  }
}

TEST_CASE("the queue against a plain list, with adding, removing and taking mixed")
{
  std::mt19937 random(11);
  TimerQueue queue;
  std::vector<Node> nodes(200);
  std::vector<Node*> waiting;
  Clock::time_point now{};
  for (int step = 0; step < 20'000; ++step) {
    Node& node = nodes[random() % nodes.size()];
    const auto found = std::find(waiting.begin(), waiting.end(), &node);
    if (found == waiting.end()) {
      node.when = now + Clock::duration(random() % 100);
      queue.add(node, node.when);
      waiting.push_back(&node);
    } else if (random() % 2 == 0) {
      queue.remove(node);
      waiting.erase(found);
    }
    if (random() % 5 == 0) now += Clock::duration(random() % 20);
    while (auto* const due = static_cast<Node*>(queue.take_due(now))) {
      const auto first = std::min_element(waiting.begin(), waiting.end(),
                                          [](auto* a, auto* b) { return a->when < b->when; });
      REQUIRE(due->when == (*first)->when);
      std::erase(waiting, due);
    }
    REQUIRE(queue.size() == waiting.size());
  }
}

TEST_CASE("an empty queue has nothing due")
{
  TimerQueue queue;
  CHECK(queue.empty());
  CHECK(queue.earliest() == Clock::time_point::max());
  CHECK(queue.take_due(Clock::time_point::max()) == nullptr);
}

TEST_CASE("timeouts that are cancelled don't pile up until their time has come")
{
  TimerQueue queue;
  Node pinned;
  const auto far = Clock::time_point(1h);
  queue.add(pinned, far);
  std::vector<Node> nodes(100'000);
  std::size_t most = 0;
  for (Node& node : nodes) {
    queue.add(node, far + 1h);
    queue.remove(node);
    most = std::max(most, queue.entries());
  }
  CHECK(queue.size() == 1);
  CHECK(most < 200);
}

TEST_CASE("a million timers, added in order and out of it, all come out in order")
{
  TimerQueue queue;
  std::vector<Node> nodes(1'000'000);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto when = i % 4 == 0 ? nodes.size() - i : i;
    queue.add(nodes[i], Clock::time_point(Clock::duration(when)));
    nodes[i].when = Clock::time_point(Clock::duration(when));
  }
  Clock::time_point last{};
  bool ordered = true;
  std::size_t count = 0;
  while (auto* const node = static_cast<Node*>(queue.take_due(Clock::time_point::max()))) {
    ordered = ordered && node->when >= last;
    last = node->when;
    ++count;
  }
  CHECK(ordered);
  CHECK(count == nodes.size());
}

TEST_CASE("a callback is called off by its handle, in whatever state it is")
{
  EventLoop loop;
  std::string order;
  TimerHandle waiting = loop.call_later(1ms, [&] { order += "never"; });
  waiting.cancel();
  waiting.cancel();
  TimerHandle queued;  // both are due in one turn: the first calls the second off
  const auto now = Clock::now();
  loop.call_at(now, [&] {
    order += "a";
    queued.cancel();
  });
  queued = loop.call_at(now, [&] { order += "never"; });
  TimerHandle itself = loop.call_at(now, [&] {
    order += "b";
    itself.cancel();
  });
  loop.run();
  CHECK(order == "ab");
  itself.cancel();
  TimerHandle().cancel();
}

TEST_CASE("a handle that is dropped leaves its timer, and what it holds is destroyed with the loop")
{
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watcher = held;
  bool ran = false;
  TimerHandle kept;
  {
    EventLoop loop;
    loop.call_later(0s, [&] { ran = true; });
    kept = loop.call_later(1h, [held = std::move(held)] {});
    run_for_a_moment(loop);
    CHECK(!watcher.expired());
  }
  CHECK(ran);
  kept = {};
  CHECK(watcher.expired());
}
