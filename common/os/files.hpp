// Small files of /proc and /sys, read whole.
#pragma once

#include <string>

namespace two_cakes {

/// The whole file as text, without its last line feed; empty where it can't be read. Blocks.
std::string read_file_or_empty(const std::string& path);

/// The folder of the running executable, where its companions (the slow server) lie too.
std::string executable_folder();

}  // namespace two_cakes
