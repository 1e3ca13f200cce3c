#include "harness/google_flags.hpp"

#include <unistd.h>

#include <filesystem>

#include "catch.hpp"
#include "contains.hpp"
#include "few_processes.hpp"
#include "in_child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

/// A folder that goes with the object.
struct TemporaryFolder {
  TemporaryFolder() { std::filesystem::create_directory(path); }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string file(const std::string& text) const
  {
    std::ofstream(path + "/out.json") << text;
    return "--benchmark_out=" + path + "/out.json";
  }
  std::string path = std::filesystem::temp_directory_path() /
                     ("two_cakes_google_flags." + std::to_string(::getpid()));
};

std::string refusal_of(const std::function<void()>& check)
{
  try {
    check();
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("what is written to std::cerr is kept for a while")
{
  std::string kept;
  {
    const ErrorsKept errors;
    std::cerr << "no " << 7;
    kept = errors.text();
  }
  REQUIRE(kept == "no 7");
}

TEST_CASE("a flag's value is the last one given")
{
  const std::vector<std::string> arguments{"--out=a", "--out_format=json", "--out=b=c", "--outer=d",
                                           "--out"};
  REQUIRE(flag_value(arguments, "--out") == "b=c");
  REQUIRE(flag_value(arguments, "--nothing").empty());
}

TEST_CASE("an unknown format is refused by name")
{
  for (const std::string flag : {"--benchmark_format", "--benchmark_out_format"}) {
    for (const std::string good : {"json", "console", "csv"})
      REQUIRE_NOTHROW(check_formats({flag + "=" + good}));
    const std::string refusal = refusal_of([&] { check_formats({flag + "=xml"}); });
    REQUIRE(contains(refusal, flag + ": unknown format 'xml'"));
  }
  REQUIRE_NOTHROW(check_formats({}));
}

TEST_CASE("a file that can't be written is refused by name and reason")
{
  const TemporaryFolder folder;
  REQUIRE_NOTHROW(check_out_file({}));
  REQUIRE_NOTHROW(check_out_file({"--benchmark_out=" + folder.path + "/new.json"}));
  REQUIRE_NOTHROW(check_out_file({"--benchmark_out=/dev/null"}));
  const std::string no_folder =
      refusal_of([] { check_out_file({"--benchmark_out=/no/such/out.json"}); });
  REQUIRE(contains(no_folder, "/no/such/out.json: No such file or directory"));
  REQUIRE(contains(refusal_of([&] { check_out_file({"--benchmark_out=" + folder.path}); }),
                   "Is a directory"));
}

TEST_CASE("a folder that may only be read is refused")
{
  const TemporaryFolder folder;
  std::filesystem::permissions(folder.path, std::filesystem::perms(0555));
  const int code = exit_code_in_child([&] {
    stop_being_root();
    const std::string refusal =
        refusal_of([&] { check_out_file({"--benchmark_out=" + folder.path + "/out.json"}); });
    return contains(refusal, "Permission denied") ? 0 : 1;
  });
  REQUIRE(code == 0);
}

TEST_CASE("checking keeps what a file holds")
{
  const TemporaryFolder folder;
  const std::string flag = folder.file("{}\n");
  check_out_file({flag});
  REQUIRE_NOTHROW(check_record_whole({flag}));
}

TEST_CASE("a record that was cut off is noticed")
{
  const TemporaryFolder folder;
  REQUIRE_NOTHROW(check_record_whole({folder.file("{\n}\n")}));
  for (const std::string cut : {"{\n}", "{\n", "{", ""}) {
    INFO("'" << cut << "'");
    REQUIRE_THROWS_AS(check_record_whole({folder.file(cut)}), std::runtime_error);
  }
}

TEST_CASE("what is no JSON file can't be judged, and isn't")
{
  const TemporaryFolder folder;
  REQUIRE_NOTHROW(check_record_whole({folder.file("a,b\n"), "--benchmark_out_format=csv"}));
  REQUIRE_NOTHROW(check_record_whole({"--benchmark_out=/dev/null"}));
  REQUIRE_NOTHROW(check_record_whole({}));
}
