// processes: the one in trouble and the bystander are children, each with memory of its own.
#include "bystander.hpp"
#include "models.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

Aftermath run_processes(Trouble trouble, std::chrono::milliseconds patience)
{
  auto [ours, theirs] = make_socket_pair();
  Child bystander = Child::fork([&] {
    ours.reset();
    answer_questions(theirs);
    return 0;
  });
  theirs.reset();

  Pipe report = make_pipe();
  Child troubled = Child::fork([&]() -> int { get_into(trouble, report.write_end); });
  report.write_end.reset();

  Aftermath aftermath;
  aftermath.end = watch(troubled, trouble, report.read_end, patience);
  aftermath.bystander_answers = still_answers(ours);
  ours.reset();  // tells the bystander to leave
  bystander.wait();
  return aftermath;
}

}  // namespace two_cakes
