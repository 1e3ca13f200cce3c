// The chapter's listing 1.1, line by line: fetch a page, format its headers, write them to a file.
#pragma once

#include <chrono>
#include <string>

#include "work/job.hpp"

namespace two_cakes {

/// Line 1, a GET: blocks until the whole answer is there. Returns its header lines as they came.
std::string request_headers(const Target& target, std::chrono::milliseconds wait);

/// Lines 2 to 4: "name: value" for each header, sorted by name, one a line. Computes only.
std::string format_headers(const std::string& head);

/// Lines 5 and 6: a new file beside the executable, which goes with the object.
class HeadersFile {
 public:
  HeadersFile();
  ~HeadersFile();
  HeadersFile(const HeadersFile&) = delete;
  HeadersFile& operator=(const HeadersFile&) = delete;

  /// Makes the file with `text` in it and returns its path. What returns fast here is the page
  /// cache, not the disk. Throws SyscallError.
  std::string write(const std::string& text);
  /// The same, and waits until it is on the disk (fdatasync).
  std::string write_synced(const std::string& text);

  /// Whether the file held just `text`. Removes it: the next write makes a new one, since some file
  /// systems (ext4) follow the overwriting of an old one to the disk.
  [[nodiscard]] bool take(const std::string& text);

 private:
  std::string path_;
};

}  // namespace two_cakes
