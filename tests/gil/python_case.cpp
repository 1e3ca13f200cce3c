#include "python_case.hpp"

#include <fcntl.h>
#include <pybind11/embed.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace two_cakes::testing {
namespace {

/// A file with a name of its own, which goes with the object.
struct TemporaryFile {
  std::string path = "/tmp/two_cakes_test_XXXXXX";
  int fd = ::mkstemp(path.data());
  ~TemporaryFile()
  {
    ::close(fd);
    ::unlink(path.c_str());
  }
};

}  // namespace

std::string run_python(const std::string& lines)
{
  Python::interpreter();
  const pybind11::gil_scoped_acquire lock;
  pybind11::dict names;
  pybind11::exec(lines, names);
  return names.contains("result") ? std::string(pybind11::str(names["result"])) : std::string();
}

void load_script(const std::string& lines)
{
  const TemporaryFile file;
  std::ofstream(file.path) << lines;
  Python::interpreter().run_script(file.path);
}

std::string stderr_of(const std::function<void()>& body)
{
  const TemporaryFile file;
  const int former = ::dup(STDERR_FILENO);
  ::dup2(file.fd, STDERR_FILENO);
  body();
  std::fflush(stderr);
  ::dup2(former, STDERR_FILENO);
  ::close(former);
  std::ifstream written(file.path);
  return {std::istreambuf_iterator<char>(written), {}};
}

}  // namespace two_cakes::testing
