#include "operations.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "base/errors.hpp"
#include "base/unique_fd.hpp"
#include "os/files.hpp"
#include "os/pipe.hpp"
#include "work/pi.hpp"

namespace two_cakes {
namespace {

class Pi final : public Operation {
 public:
  explicit Pi(std::size_t digits) : digits_(digits) {}
  std::string run() override { return pi_digits(digits_); }
  // The digits of a longer pi must begin with those of a shorter one; the kernel's test holds the
  // first 1,001 to the known ones.
  [[nodiscard]] std::string expected() const override
  {
    return pi_digits(digits_ + 17).substr(0, digits_);
  }

 private:
  std::size_t digits_;
};

class DictionaryWalk final : public Operation {
 public:
  explicit DictionaryWalk(std::size_t entries) : dictionary_(make_dictionary(entries)) {}
  std::string run() override { return std::to_string(walk(dictionary_)); }
  [[nodiscard]] std::string expected() const override
  {
    return std::to_string(dictionary_.size() * (dictionary_.size() - 1) / 2);
  }

 private:
  Dictionary dictionary_;
};

class WebRequest final : public Operation {
 public:
  WebRequest(const Target& target, std::chrono::milliseconds wait)
      : target_(target),
        job_{.number = 1, .wait = wait}
  {
  }
  std::string run() override
  {
    wait_blocking(job_, target_);  // throws unless the reply is the right one
    return "replied";
  }
  [[nodiscard]] std::string expected() const override { return "replied"; }

 private:
  Target target_;
  Job job_;
};

class FileRead final : public Operation {
 public:
  explicit FileRead(std::size_t bytes)
      : path_(executable_folder() + "/where_time_goes." + std::to_string(::getpid()) + ".data"),
        bytes_(bytes)
  {
    file_.reset(check_syscall(
        "open", ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), path_));
    write_all(file_, std::string(bytes, 'x'));
    check_syscall("fsync", ::fsync(file_.get()), path_);
  }
  ~FileRead() override { ::unlink(path_.c_str()); }

  // Drops the file from the page cache: else the "disk" would be memory.
  void prepare() override
  {
    ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_DONTNEED);
    check_syscall("lseek", ::lseek(file_.get(), 0, SEEK_SET), path_);
  }
  std::string run() override
  {
    std::size_t total = 0;
    for (;;) {
      const ssize_t count = ::read(file_.get(), buffer_.data(), buffer_.size());
      if (check_syscall("read", count, path_) == 0) return std::to_string(total);
      total += static_cast<std::size_t>(count);
    }
  }
  [[nodiscard]] std::string expected() const override { return std::to_string(bytes_); }

 private:
  std::string path_;
  std::size_t bytes_;
  UniqueFd file_;
  std::vector<char> buffer_ = std::vector<char>(256 * kKibibyte);
};

}  // namespace

std::unique_ptr<Operation> make_pi(std::size_t digits) { return std::make_unique<Pi>(digits); }

std::unique_ptr<Operation> make_dictionary_walk(std::size_t entries)
{
  return std::make_unique<DictionaryWalk>(entries);
}

std::unique_ptr<Operation> make_web_request(const Target& target, std::chrono::milliseconds wait)
{
  return std::make_unique<WebRequest>(target, wait);
}

std::unique_ptr<Operation> make_file_read(std::size_t bytes)
{
  return std::make_unique<FileRead>(bytes);
}

}  // namespace two_cakes
