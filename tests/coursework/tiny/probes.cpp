#include "probe.hpp"

#include "adder.hpp"

#include <unistd.h>

PROBE(sum)
{
  observe("sum", add(request.numbers[0], request.numbers[1]));
}

PROBE(waits)
{
  observe("waiting", 1);
  observe("went", wait_for_judge());
  observe("sum", add(request.numbers[0], 1));
}

// BEGIN HIDDEN TESTS
PROBE(many_sums)
{
  long sum = 0;
  for (long number = 1; number <= request.numbers[0]; ++number) sum = add(sum, number);
  observe("sum", sum);
}

PROBE(bytes)
{
  int ends[2];
  if (pipe(ends) == -1) return;
  const char letters[] = "abc";
  if (write(ends[1], letters, 3) != 3) return;
  for (int n = 0; n < 3; ++n) observe("byte", read_byte(ends[0]));
}
// END HIDDEN TESTS
