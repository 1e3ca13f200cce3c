#include "harness/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace two_cakes {

Progress::Progress(std::size_t total) : visible_(::isatty(STDERR_FILENO) == 1), total_(total) {}

void Progress::begin(std::string_view name)
{
  if (name == current_) return;
  current_ = name;
  ++begun_;
  if (!visible_) return;
  const double elapsed_s = to_seconds(Clock::now() - start_);
  const std::size_t finished = begun_ - 1;
  const double left_s = finished == 0 ? 0
                                      : elapsed_s / static_cast<double>(finished) *
                                            static_cast<double>(total_ - finished);
  const std::string left = finished == 0 ? "" : fmt::format(", about {:.0f} s left", left_s);
  fmt::print(stderr, "\r\x1b[K[{:>3}/{}] {}{}", begun_, total_, name, left);
  std::fflush(stderr);
}

void Progress::clear() const
{
  if (!visible_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace two_cakes
