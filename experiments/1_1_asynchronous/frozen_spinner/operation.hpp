// The slow operation: a request that waits, or a computation of the same length.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "work/job.hpp"

namespace two_cakes {

struct Operation {
  std::string name;        // "request" or "computation"
  Target target;           // of the request; its deadline holds for both
  Job request;             // waits 0 ms where it is a computation
  std::uint64_t fibs = 0;  // how many Fibonacci numbers are computed; 0 where it is a request

  [[nodiscard]] bool waits() const { return request.wait.count() > 0; }
};

/// A request that our slow server answers after `length`; any other server when it likes.
Operation a_request(std::chrono::milliseconds length, const Target& target);

/// A computation that takes about `length` on an undisturbed core of this machine. Blocks to
/// measure how much that is.
Operation a_computation(std::chrono::milliseconds length, const Target& target);

/// Computes what `operation` asks for: the sum of its Fibonacci numbers. Blocks for all its length.
std::uint64_t compute_fibs(const Operation& operation);

/// The whole operation; blocks until it is done. A failure is told in the answer, never thrown.
/// Any thread, any process.
Answer perform(const Operation& operation);

/// Throws WrongAnswer unless `answer` is the right one.
void check_answer(const Answer& answer, const Operation& operation);

}  // namespace two_cakes
