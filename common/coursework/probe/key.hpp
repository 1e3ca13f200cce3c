// The key of this run's lines. The judge sends it before anything else, and it is taken before any
// of the student's code runs, constructors included. It is in no file, and lies on a page that can
// be read only while a line goes out.
#pragma once

#include "probe.hpp"

namespace PROBE_NAMESPACE {

/// Writes the key, a space and `line` to the judge in one piece, unmixed with other threads' lines.
/// Blocks while the judge is behind; from any thread, and from forked children too. Where the judge
/// is gone, nobody is told.
void send_with_key(std::string_view line);

}  // namespace PROBE_NAMESPACE
