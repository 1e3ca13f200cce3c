// Which error a call ends in.
#pragma once

#include "base/errors.hpp"

namespace two_cakes::testing {

/// The errno that `call` throws as a SyscallError; 0 where it throws none.
template <class Call>
int error_of(Call call)
{
  try {
    call();
  } catch (const SyscallError& error) {
    return error.code().value();
  }
  return 0;
}

}  // namespace two_cakes::testing
