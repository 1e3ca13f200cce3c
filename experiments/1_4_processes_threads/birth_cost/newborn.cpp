// What is born by exec: a program that answers one question with its exit code, and does nothing
// else.
#include <cstdlib>

#include "answer.hpp"

int main(int argc, char** argv)
{
  if (argc != 2) return 0;  // no question, and 0 is no answer
  return two_cakes::answer_to(std::atoi(argv[1]));
}
