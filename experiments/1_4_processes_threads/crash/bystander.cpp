#include "bystander.hpp"

#include <span>

#include "base/errors.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

void answer_questions(const UniqueFd& channel)
{
  char question = 0;
  while (read_exactly(channel, std::span(&question, 1))) {
    const char answer = static_cast<char>(question + 1);
    write_all(channel, {&answer, 1});
  }
}

bool still_answers(const UniqueFd& channel)
{
  const char question = 41;
  char answer = 0;
  try {
    write_all(channel, {&question, 1});
    if (!read_exactly(channel, std::span(&answer, 1))) return false;
  } catch (const SyscallError&) {
    return false;  // EPIPE or ECONNRESET: nobody is at the other end
  }
  if (answer != question + 1) throw WrongAnswer("the bystander answers wrongly");
  return true;
}

}  // namespace two_cakes
