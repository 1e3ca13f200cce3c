#include "harness/machine.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <map>
#include <set>

#include "catch.hpp"
#include "in_child.hpp"
#include "os/affinity.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

std::map<std::string, std::string> machine()
{
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : describe_machine()) values[name] = value;
  return values;
}

bool is_number(const std::string& text)
{
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

TEST_CASE("the description has every field, once")
{
  std::multiset<std::string> names;
  for (const auto& [name, value] : describe_machine()) names.insert(name);
  REQUIRE(names == std::multiset<std::string>{"build_type", "compiler", "compiler_flags", "kernel",
                                              "cpu_model", "cores", "virtualization", "governor",
                                              "memory_bytes", "open_files_limit", "processes_limit",
                                              "cpu_quota", "load_at_start", "doubts"});
}

TEST_CASE("no field is empty, but for the doubts there may be none of")
{
  for (const auto& [name, value] : describe_machine()) {
    INFO(name);
    REQUIRE(
        (!value.empty() || name == "doubts" || name == "compiler_flags" || name == "cpu_model"));
    REQUIRE(value.find('\n') == std::string::npos);
  }
}

TEST_CASE("figures are figures")
{
  const auto values = machine();
  REQUIRE(values.at("cores") == std::to_string(usable_cores()));
  REQUIRE(is_number(values.at("memory_bytes")));
  REQUIRE(std::stod(values.at("memory_bytes")) > 1e6);
  REQUIRE(is_number(values.at("load_at_start")));
  for (const std::string name : {"open_files_limit", "processes_limit"})
    REQUIRE((is_number(values.at(name)) || values.at(name) == "none"));
}

TEST_CASE("the build is one of the four flavours, and doubted unless it is release")
{
  const auto values = machine();
  const std::string flavour = values.at("build_type");
  REQUIRE(std::set<std::string>{"release", "debug", "asan", "tsan"}.contains(flavour));
  REQUIRE((values.at("doubts").find("built as") != std::string::npos) == (flavour != "release"));
}

TEST_CASE("the host's name is nobody's business")
{
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  const std::string host = name;
  if (host.size() < 4 || host == "localhost") return;
  for (const auto& [field, value] : describe_machine())
    REQUIRE(value.find(host) == std::string::npos);
}

TEST_CASE("limits are those of this process, and one core is doubted")
{
  const int code = exit_code_in_child([] {
    pin_this_thread({allowed_cores().front()});
    const rlimit few{.rlim_cur = 123, .rlim_max = 123};
    ::setrlimit(RLIMIT_NOFILE, &few);
    ::setrlimit(RLIMIT_NPROC, &few);
    const auto values = machine();
    if (values.at("open_files_limit") != "123" || values.at("processes_limit") != "123") return 1;
    return values.at("cores") == "1" && values.at("doubts").find("one core") != std::string::npos
               ? 0
               : 2;
  });
  REQUIRE(code == 0);
}
