// Faults that a case asks for, put into the calls of the student's code: short reads, EINTR, EMFILE, delays that force a
// window open. The linker sends the calls here (--wrap).
#pragma once

#include "probe.hpp"

#include <string_view>

namespace PROBE_NAMESPACE {

inline constexpr int kChannel = 3;  // to the judge; no fault reaches it

/// "short_io=1 eintr_every=3 eagain_every=0 emfile_every=0 delay:epoll_wait=2000": what cases.py's Faults writes.
/// An empty plan ends all faults.
void set_faults(std::string_view plan);

}  // namespace PROBE_NAMESPACE
