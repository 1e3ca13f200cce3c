#include "harness/progress.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/unique_fd.hpp"
#include "catch.hpp"
#include "contains.hpp"
#include "in_child.hpp"
#include "printed.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

namespace {

/// What `body` prints on its standard error where that is a terminal.
std::string seen_on_terminal(const std::function<void()>& body)
{
  const UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE((::grantpt(master.get()) == 0 && ::unlockpt(master.get()) == 0));
  UniqueFd slave(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  exit_code_in_child([&] {
    ::dup2(slave.get(), STDERR_FILENO);
    body();
    return 0;
  });
  slave.reset();
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(master.get(), buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

}  // namespace

TEST_CASE("progress is silent where stderr is no terminal")
{
  const std::string text = printed_on(STDERR_FILENO, [] {
    Progress progress(3);
    progress.begin("matrix/threads/work:io");
    progress.begin("matrix/blocking/work:io");
    progress.clear();
  });
  REQUIRE(text.empty());
}

TEST_CASE("on a terminal it says what runs now, which of how many, and about how long it takes")
{
  const std::string text = seen_on_terminal([] {
    Progress progress(27);
    progress.begin("matrix/blocking/work:io");
    progress.begin("matrix/threads/work:io");
  });
  REQUIRE(contains(text, "[  1/27] matrix/blocking/work:io"));
  REQUIRE(contains(text, "[  2/27] matrix/threads/work:io, about "));
  REQUIRE(contains(text, " s left"));
  REQUIRE(!contains(text, "\n"));  // one line, written over and over
}

TEST_CASE("a series that is begun twice in a row counts once")
{
  const std::string text = seen_on_terminal([] {
    Progress progress(2);
    for (int i = 0; i < 5; ++i) progress.begin("first");
    progress.begin("second");
  });
  REQUIRE(contains(text, "2/2] second"));
  REQUIRE(!contains(text, "3/2"));
}

TEST_CASE("the line can be taken off the screen")
{
  const std::string text = seen_on_terminal([] {
    Progress progress(2);
    progress.begin("first");
    progress.clear();
  });
  REQUIRE(text.ends_with("\r\x1b[K"));
}
