#include "tasks/start_thread.hpp"

#include <string>

#include "catch.hpp"
#include "few_processes.hpp"
#include "in_child.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;

TEST_CASE("the function runs on another thread, which is joined at the object's end")
{
  std::thread::id ran_on;
  {
    const std::jthread thread = start_thread([&] { ran_on = std::this_thread::get_id(); });
  }
  CHECK(ran_on != std::thread::id{});
  CHECK(ran_on != std::this_thread::get_id());
}

TEST_CASE("where no thread can be had, the limit is named")
{
  CHECK(exit_code_in_child([] {
          allow_no_more_processes();
          try {
            const std::jthread thread = start_thread([] {});
          } catch (const SyscallError& error) {
            return std::string(error.what()).find("RLIMIT_NPROC") != std::string::npos ? 0 : 1;
          }
          return 2;
        }) == 0);
}
