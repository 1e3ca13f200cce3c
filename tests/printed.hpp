// What a piece of a test prints.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <functional>
#include <iostream>
#include <string>

namespace two_cakes::testing {

/// A file without a name: what is printed into its descriptor can be read back.
class Printed {
 public:
  Printed() : file_(std::tmpfile()) {}
  Printed(const Printed&) = delete;
  ~Printed() { std::fclose(file_); }

  [[nodiscard]] int fd() const { return ::fileno(file_); }
  [[nodiscard]] std::string text() const
  {
    std::string text(4096, '\0');
    std::size_t size = 0;
    ::lseek(fd(), 0, SEEK_SET);
    for (ssize_t count = 0; (count = ::read(fd(), text.data() + size, text.size() - size)) > 0;) {
      size += static_cast<std::size_t>(count);
      text.resize(size + 4096);
    }
    text.resize(size);
    return text;
  }

 private:
  std::FILE* file_;
};

/// What `body` prints on descriptor `fd` (1 or 2), which is given back afterwards.
inline std::string printed_on(int fd, const std::function<void()>& body)
{
  const Printed printed;
  std::fflush(nullptr);
  std::cout.flush();
  const int before = ::dup(fd);
  ::dup2(printed.fd(), fd);
  body();
  std::fflush(nullptr);
  std::cout.flush();
  ::dup2(before, fd);
  ::close(before);
  return printed.text();
}

}  // namespace two_cakes::testing
