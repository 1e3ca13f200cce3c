#include "os/files.hpp"

#include <unistd.h>

#include <climits>
#include <filesystem>
#include <fstream>

#include "catch.hpp"

using namespace two_cakes;

namespace {

/// A file that goes with the object.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& text) { std::ofstream(path) << text; }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::string path = std::filesystem::temp_directory_path() /
                     ("two_cakes_test_files." + std::to_string(::getpid()));
};

}  // namespace

TEST_CASE("a file is read whole, without its last line feed")
{
  REQUIRE(read_file_or_empty(TemporaryFile("one\ntwo\n").path) == "one\ntwo");
  REQUIRE(read_file_or_empty(TemporaryFile("one\ntwo").path) == "one\ntwo");
  REQUIRE(read_file_or_empty(TemporaryFile("one\n\n").path) == "one\n");
  REQUIRE(read_file_or_empty(TemporaryFile("\n").path).empty());
}

TEST_CASE("an empty file and a file of many pages")
{
  REQUIRE(read_file_or_empty(TemporaryFile("").path).empty());
  const std::string long_text(100'000, 'x');
  REQUIRE(read_file_or_empty(TemporaryFile(long_text).path) == long_text);
}

TEST_CASE("files of /proc have no size, and are read all the same")
{
  REQUIRE(read_file_or_empty("/proc/self/status").find("VmHWM:") != std::string::npos);
}

TEST_CASE("what can't be read is empty")
{
  REQUIRE(read_file_or_empty("/no/such/file").empty());
  REQUIRE(read_file_or_empty("/").empty());
  REQUIRE(read_file_or_empty("").empty());
}

TEST_CASE("the folder of the executable has the executable in it")
{
  const std::string folder = executable_folder();
  REQUIRE(folder.front() == '/');
  REQUIRE(std::filesystem::exists(folder + "/test_os"));
}
