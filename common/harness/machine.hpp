// The machine is described, and never changed.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace two_cakes {

/// Names and values for the record: compiler, compiler_flags, build_type, kernel, cpu_model, cores,
/// virtualization, governor, memory_bytes, open_files_limit, processes_limit, cpu_quota,
/// load_at_start, doubts. No host name. Blocks on small files.
std::vector<std::pair<std::string, std::string>> describe_machine();

}  // namespace two_cakes
