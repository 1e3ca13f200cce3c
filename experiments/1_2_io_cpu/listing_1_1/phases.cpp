#include "phases.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "base/errors.hpp"
#include "os/files.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

UniqueFd write_new_file(const std::string& path, const std::string& text)
{
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  UniqueFd file{check_syscall("open", ::open(path.c_str(), kFlags, 0600), path)};
  write_all(file, text);
  return file;
}

}  // namespace

std::string request_headers(const Target& target, std::chrono::milliseconds wait)
{
  return wait_blocking({.number = 1, .wait = wait}, target).head();
}

std::string format_headers(const std::string& head)
{
  std::vector<std::string> lines;
  std::istringstream text(head);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  std::string formatted;
  for (const std::string& line : lines) formatted += line + '\n';
  return formatted;
}

HeadersFile::HeadersFile()
    : path_(executable_folder() + "/headers." + std::to_string(::getpid()) + ".txt")
{
}

HeadersFile::~HeadersFile() { ::unlink(path_.c_str()); }

std::string HeadersFile::write(const std::string& text)
{
  write_new_file(path_, text);
  return path_;
}

std::string HeadersFile::write_synced(const std::string& text)
{
  const UniqueFd file = write_new_file(path_, text);
  check_syscall("fdatasync", ::fdatasync(file.get()), path_);
  return path_;
}

bool HeadersFile::take(const std::string& text)
{
  const std::string last_newline = text.empty() ? "" : "\n";  // which reading takes off
  const bool right = read_file_or_empty(path_) + last_newline == text;
  ::unlink(path_.c_str());
  return right;
}

}  // namespace two_cakes
