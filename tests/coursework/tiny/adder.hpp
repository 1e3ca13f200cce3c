// What the smallest lab asks for.
#pragma once

/// Returns the sum of two numbers.
long add(long left, long right);

/// Reads one byte from a descriptor, however often the call is interrupted; -1 at its end.
int read_byte(int fd);
