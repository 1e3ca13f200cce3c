// The four operations that the chapter names as examples, each with its answer checked.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "work/dictionary.hpp"
#include "work/job.hpp"

namespace two_cakes {

/// One operation, made ready beforehand, so that only what the chapter speaks of is measured.
class Operation {
 public:
  virtual ~Operation() = default;
  /// Undoes what an earlier run() left behind (a warm cache). Not measured.
  virtual void prepare() {}
  /// Does it once; blocks. Returns an answer that tells whether it was done.
  virtual std::string run() = 0;
  /// The right answer.
  [[nodiscard]] virtual std::string expected() const = 0;
};

/// CPU-bound: the first `digits` digits of pi.
std::unique_ptr<Operation> make_pi(std::size_t digits);
/// CPU-bound: a walk over a dictionary of `entries` words.
std::unique_ptr<Operation> make_dictionary_walk(std::size_t entries);
/// I/O-bound: a request to a server that takes `wait` to answer.
std::unique_ptr<Operation> make_web_request(const Target& target, std::chrono::milliseconds wait);
/// I/O-bound: reading a file of `bytes` that isn't in memory yet. The file lies beside the
/// executable, and goes with the object.
std::unique_ptr<Operation> make_file_read(std::size_t bytes);

}  // namespace two_cakes
