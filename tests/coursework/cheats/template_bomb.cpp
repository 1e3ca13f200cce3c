// Attack  makes the compiler work without an end
// Guard   the compiler runs within limits too
// Ends    does not compile
#include "adder.hpp"
template <unsigned long N, unsigned long M>
struct Bomb {
  static constexpr unsigned long value = Bomb<N - 1, 2 * M>::value + Bomb<N - 1, 2 * M + 1>::value;
};
template <unsigned long M>
struct Bomb<0, M> {
  static constexpr unsigned long value = M;
};
long add(long, long) { return Bomb<24, 0>::value; }
int read_byte(int) { return -1; }
