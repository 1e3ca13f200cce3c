// threads: the one in trouble and the bystander are threads of one process. It is a child, made for
// the purpose: if it were this process, nobody would be left to tell.
#include <system_error>
#include <thread>

#include "base/errors.hpp"
#include "base/exit_code.hpp"
#include "bystander.hpp"
#include "models.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

int run_both(Trouble trouble, const UniqueFd& channel, const UniqueFd& report)
{
  try {
    std::thread bystander([&] { answer_questions(channel); });
    bystander.detach();
    std::thread troubled([&] { get_into(trouble, report); });
    troubled.join();
  } catch (const std::system_error&) {
    return kSkipped;  // no thread to be had; _exit() takes the other one along
  }
  return 0;
}

}  // namespace

Aftermath run_threads(Trouble trouble, std::chrono::milliseconds patience)
{
#if defined(__SANITIZE_THREAD__)
  throw Skipped("ThreadSanitizer starts no threads in a child of a process that has threads");
#endif
  auto [ours, theirs] = make_socket_pair();
  Pipe report = make_pipe();
  Child sacrificed = Child::fork([&] {
    ours.reset();
    return run_both(trouble, theirs, report.write_end);
  });
  theirs.reset();
  report.write_end.reset();

  Aftermath aftermath;
  aftermath.end = watch(sacrificed, trouble, report.read_end, patience);
  aftermath.bystander_answers = still_answers(ours);
  return aftermath;
}

}  // namespace two_cakes
