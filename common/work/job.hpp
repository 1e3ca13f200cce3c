// A job: it waits so long on a server, then computes so much. The contract that every model
// fulfils: run these jobs, and give back an answer for each, in the order of the jobs.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "os/endpoint.hpp"
#include "work/http_exchange.hpp"

namespace two_cakes {

struct Job {
  std::uint32_t number = 0;
  std::chrono::microseconds wait{0};  // what the server is asked to wait; 0: no request is made
  int fib = 0;                        // fib(n) is computed afterwards; 0: nothing is
};

/// The server that jobs wait on.
struct Target {
  Endpoint endpoint;
  bool sends_token_back =
      true;  // our slow server does; any other HTTP server is taken at its status
  std::chrono::milliseconds deadline{10'000};  // for one request, from connect to last byte
  /// Made beforehand, one for the number of each job, who takes it; nullptr: each job connects.
  std::vector<UniqueFd>* connections = nullptr;
};

/// What came of a job. Trivially copyable, so that a child process can send it through a pipe as it
/// is.
struct Answer {
  std::uint32_t number = 0;
  std::uint64_t fib_value = 0;
  Clock::time_point finished;  // the clock is the machine's: the same in every process
  std::array<char, 160>
      problem{};  // empty where all went well; else one line that says what didn't

  [[nodiscard]] bool good() const { return problem[0] == '\0'; }
  void fail(std::string_view why);
};

struct Workload {
  Target target;
  std::vector<Job> jobs;
  int pool_threads = 32;
  int pool_processes = 1;
};

using Answers = std::vector<Answer>;

/// Answers with their numbers filled in, to be completed by a model in any order.
Answers blank_answers(const Workload& workload);

/// The connection of a job, made beforehand or now. The first blocks until it is connected, at most
/// until `deadline`; the second is non-blocking, and may still be on its way. Throw SyscallError.
/// Any thread, and a child process, may take its own jobs' connections.
UniqueFd connection_of(const Job& job, const Target& target, Clock::time_point deadline);
UniqueFd start_connection_of(const Job& job, const Target& target);

/// The request of a job, ready to be sent. It carries a token, so that the answer can prove whose
/// it is.
HttpExchange request_of(const Job& job, const Target& target);

/// Throws std::runtime_error unless the finished exchange is the right answer to `job`.
void check_reply(const HttpExchange& exchange, const Job& job, const Target& target);

/// Makes the request of `job` and blocks until its answer is there and right. Returns the finished
/// exchange. Throws SyscallError (ETIMEDOUT after the target's deadline) or std::runtime_error.
HttpExchange wait_blocking(const Job& job, const Target& target);

/// Computes what `job` asks for; 0 where it asks for nothing.
std::uint64_t compute(const Job& job);

/// The whole job, blocking: waits, computes, notes the time. A failure is told in the answer, never
/// thrown.
Answer perform_blocking(const Job& job, const Target& target);

/// Marks every answer that was never finished as failed by the deadline.
void fail_unfinished(Answers& answers);

/// Throws WrongAnswer, naming the first that is wrong and how many are, unless every job was done
/// once and right.
void check_answers(const Answers& answers, const Workload& workload);

}  // namespace two_cakes
