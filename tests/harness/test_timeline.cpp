#include "harness/timeline.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "catch.hpp"
#include "contains.hpp"
#include "harness/experiment.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

const Clock::time_point kStart = Clock::time_point(1000h);

std::size_t count(const std::string& text, const std::string& part)
{
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string content(const std::filesystem::path& path)
{
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// A folder that goes with its owner.
struct Folder {
  std::filesystem::path path;
  Folder()
  {
    std::string name = (std::filesystem::temp_directory_path() / "timeline-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a slice is an event in microseconds, from the first slice of its series on")
{
  Timeline timeline;
  timeline.begin_series("bake/serial");
  Lane& first = timeline.lane("cake 1");
  Lane& second = timeline.lane("cake 2");
  second.add(TaskState::kWaiting, kStart, kStart + 2ms);
  first.add(TaskState::kRunning, kStart + 1ms, kStart + 1500us, 3);
  second.add(TaskState::kReady, kStart + 2ms, kStart + 2ms + 1ns, -1, "cake 7");
  const std::string trace = timeline.to_chrome_trace("bake");
  CHECK(contains(trace, R"("name":"process_name","pid":1,"tid":0,"args":{"name":"bake/serial"})"));
  CHECK(contains(trace, R"("name":"thread_name","pid":1,"tid":2,"args":{"name":"cake 2"})"));
  CHECK(contains(trace, R"("ph":"X","name":"running","cat":"running","pid":1,"tid":1,)"
                        R"("ts":1000.000,"dur":500.000,"args":{"core":3})"));
  CHECK(contains(trace, R"("ph":"X","name":"cake 7","cat":"ready","pid":1,"tid":2,)"
                        R"("ts":2000.000,"dur":0.001,"args":{"core":-1})"));
}

TEST_CASE("each series has its lanes, and only those of its last iteration")
{
  Timeline timeline;
  for (const char* series : {"a", "b"}) {
    timeline.begin_series(series);
    for (int iteration = 1; iteration <= 3; ++iteration) {
      timeline.begin_iteration();
      timeline.lane("iteration " + std::to_string(iteration))
          .add(TaskState::kRunning, kStart, kStart + 1ms);
    }
  }
  const std::string trace = timeline.to_chrome_trace("x");
  CHECK(count(trace, R"("ph":"X")") == 2);
  CHECK(count(trace, "iteration 3") == 2);
  CHECK(count(trace, "iteration 1") == 0);
}

TEST_CASE("a stretch of no length, or one that ends before it begins, is left out")
{
  Timeline timeline;
  timeline.begin_series("a");
  Lane& lane = timeline.lane("lane");
  CHECK(timeline.empty());
  lane.add(TaskState::kRunning, kStart, kStart);
  lane.add(TaskState::kRunning, kStart + 1ns, kStart);
  CHECK(timeline.empty());
  lane.add(TaskState::kRunning, kStart, kStart + 1ns);
  CHECK_FALSE(timeline.empty());
}

TEST_CASE("a name may hold anything")
{
  Timeline timeline;
  timeline.begin_series("a");
  timeline.lane("\"cake\"\n\\1").add(TaskState::kRunning, kStart, kStart + 1ms);
  CHECK(contains(timeline.to_chrome_trace("x"), R"("\"cake\"\u000a\\1")"));
}

TEST_CASE("lanes stay where they are when others are made and grow")
{
  Timeline timeline;
  timeline.begin_series("a");
  Lane& first = timeline.lane("first", 1);
  for (int i = 0; i < 1000; ++i) timeline.lane("other", 1);
  for (int i = 0; i < 100; ++i)
    first.add(TaskState::kRunning, kStart + i * 1ms, kStart + (i + 1) * 1ms);
  CHECK(count(timeline.to_chrome_trace("x"), R"("ph":"X")") == 100);
}

TEST_CASE("what lasts longer than a step was an absence")
{
  Timeline timeline;
  timeline.begin_series("a");
  Lane& lane = timeline.lane("lane");
  const auto wanted = Clock::now() - 5ms;
  {
    Computing computing(lane, wanted);
    for (int i = 0; i < 100; ++i) computing.look(1h);
    while (Clock::now() - computing.look(1h) < 1us) {
    }
    const auto before = computing.look(1h);
    while (Clock::now() - before < 50us) {
    }
    computing.look(20us);
    computing.look(1h);
  }
  const std::string trace = timeline.to_chrome_trace("x");
  CHECK(count(trace, R"("cat":"ready")") == 2);
  CHECK(count(trace, R"("cat":"running")") >= 2);
}

TEST_CASE("a trace is written whole or not at all")
{
  const Folder folder;
  Timeline timeline;
  timeline.begin_series("a");
  timeline.lane("lane").add(TaskState::kRunning, kStart, kStart + 1ms);
  timeline.write(folder.path / "x.trace.json", "x");
  CHECK(content(folder.path / "x.trace.json") == timeline.to_chrome_trace("x"));
  CHECK_THROWS_AS(timeline.write(folder.path / "none" / "x.trace.json", "x"), SyscallError);
  std::filesystem::create_directory(folder.path / "taken");
  CHECK_THROWS_AS(timeline.write(folder.path / "taken", "x"), SyscallError);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 2);
}

TEST_CASE("a pipe or a device is written to, and what a link leads to is replaced, not the link")
{
  const Folder folder;
  Timeline timeline;
  timeline.begin_series("a");
  timeline.lane("lane").add(TaskState::kRunning, kStart, kStart + 1ms);
  const std::string trace = timeline.to_chrome_trace("x");

  std::ofstream(folder.path / "file") << "old";
  std::filesystem::create_symlink("file", folder.path / "link");
  timeline.write(folder.path / "link", "x");
  CHECK(std::filesystem::is_symlink(folder.path / "link"));
  CHECK(content(folder.path / "file") == trace);

  const std::string pipe = folder.path / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const UniqueFd reader(::open(pipe.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  timeline.write(pipe, "x");
  std::string read(trace.size() + 1, ' ');
  CHECK(::read(reader.get(), read.data(), read.size()) == static_cast<ssize_t>(trace.size()));
  CHECK(std::filesystem::is_fifo(pipe));
}

TEST_CASE("only an experiment that keeps a timeline has the flag")
{
  Experiment without({.name = "without", .section = "s", .title = "t", .baseline = "m"});
  std::vector<std::string> words{"without", "--timeline", "x"};
  std::vector<char*> pointers{words[0].data(), words[1].data(), words[2].data(), nullptr};
  CHECK_THROWS_AS(without.parse(3, pointers.data()), UsageError);
}
