#include "os/files.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace two_cakes {

std::string read_file_or_empty(const std::string& path)
{
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  std::string content = text.str();
  if (content.ends_with('\n')) content.pop_back();
  return content;
}

std::string executable_folder()
{
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

}  // namespace two_cakes
