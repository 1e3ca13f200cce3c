#include "test_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <random>

#include "base/errors.hpp"
#include "os/files.hpp"
#include "os/pipe.hpp"

namespace two_cakes {
namespace {

// Each word of a block says which word of the file it is.
std::vector<char> content_of(std::uint64_t number)
{
  std::vector<std::uint64_t> words(kBlockBytes / sizeof(std::uint64_t));
  std::iota(words.begin(), words.end(), number * words.size() + 1);
  const char* bytes = reinterpret_cast<const char*>(words.data());
  return {bytes, bytes + kBlockBytes};
}

UniqueFd make_nameless(const std::string& folder)
{
  std::string path = folder + "/file_reads_XXXXXX";
  UniqueFd fd(::mkostemp(path.data(), O_CLOEXEC));
  const int error = errno;
  if (!fd)
    throw UsageError(fmt::format("--folder {}: no file can be made there: {}; give another one",
                                 folder, std::strerror(error)));
  check_syscall("unlink", ::unlink(path.c_str()), path);
  return fd;
}

}  // namespace

TestFile::TestFile(const std::string& folder, int blocks)
    : fd_(make_nameless(folder)),
      folder_(folder == executable_folder() ? "the programs' own" : folder),  // recorded: no path
      blocks_(blocks)
{
  for (int i = 0; i < blocks; ++i) {
    const std::vector<char> content = content_of(i);
    write_all(fd_, {content.data(), content.size()});
  }
  check_syscall("fsync", ::fsync(fd_.get()), folder);
  ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_RANDOM);  // or the kernel reads ahead
}

std::vector<Block> TestFile::all_blocks() const
{
  std::vector<Block> all(blocks_);
  for (int i = 0; i < blocks_; ++i) all[i].number = i;
  std::ranges::shuffle(all, std::mt19937(17));  // the same order each time
  for (Block& block : all) block.buffer.assign(kBlockBytes, '\0');
  return all;
}

void TestFile::make_cold() const
{
  constexpr int kAttempts = 20;  // what another core has just read can't be dropped at once
  int kept = blocks_;
  for (int i = 0; i < kAttempts && kept > blocks_ / 2; ++i) {
    ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_DONTNEED);
    kept = blocks_in_memory();
  }
  if (kept > blocks_ / 2)
    throw Skipped(
        fmt::format("cold: the kernel keeps {} of {} blocks in memory (a tmpfs?); give another "
                    "--folder than {}",
                    kept, blocks_, folder_));
}

void TestFile::make_warm() const
{
  std::vector<char> buffer(kBlockBytes);
  for (int i = 0; i < blocks_; ++i)
    check_syscall("pread", ::pread(fd_.get(), buffer.data(), kBlockBytes, i * kBlockBytes));
}

// RWF_NOWAIT reads what is in memory, and says EAGAIN of the rest; a file system that only has its
// memory (tmpfs) doesn't know the question.
int TestFile::blocks_in_memory() const
{
  std::array<char, 1> byte{};
  iovec one{.iov_base = byte.data(), .iov_len = 1};
  int found = 0;
  for (int i = 0; i < blocks_; ++i) {
    const auto offset = i * static_cast<off_t>(kBlockBytes);
    if (::preadv2(fd_.get(), &one, 1, offset, RWF_NOWAIT) == 1 || errno != EAGAIN) ++found;
  }
  return found;
}

void check_and_clear(Block& block)
{
  if (block.buffer != content_of(block.number))
    throw WrongAnswer(fmt::format("block {} came with something else in it", block.number));
  std::ranges::fill(block.buffer, '\0');
}

}  // namespace two_cakes
