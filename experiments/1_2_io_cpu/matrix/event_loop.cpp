// event_loop: one thread waits for all servers at once. Each request is a small state machine:
// connecting, sending, receiving; each callback does what is possible without blocking, and returns
// to the loop.
#include "tasks/event_loop.hpp"

#include <array>
#include <deque>

#include "models.hpp"
#include "os/socket.hpp"

namespace two_cakes {
namespace {

class Request {
 public:
  /// Calls `finished` once, when the answer is complete: good or bad.
  Request(EventLoop& loop, const Target& target, const Job& job, Answer& answer,
          std::function<void()> finished)
      : loop_(loop),
        target_(target),
        job_(job),
        answer_(answer),
        finished_(std::move(finished)),
        exchange_(request_of(job, target))
  {
  }

  void start()
  {
    guard([this] {
      if (job_.wait.count() == 0) return complete();
      socket_ = start_connection_of(job_, target_);
      send_request();  // it may be connected already: try first, wait only if it would block
    });
  }

  void fail(std::string_view why)
  {
    if (answer_.finished != Clock::time_point{}) return;
    answer_.fail(why);
    finish();
  }

 private:
  void send_request()
  {
    while (!exchange_.unsent().empty()) {
      const auto count = write_some(socket_, exchange_.unsent());
      if (!count) return watch(Ready::kWrite, &Request::send_request);
      exchange_.sent(*count);
    }
    watch(Ready::kRead, &Request::receive);
  }

  void receive()
  {
    std::array<char, 4096> buffer;
    while (!exchange_.finished()) {
      const auto count = read_some(socket_, buffer);
      if (!count) return;  // the loop calls again when there is more
      exchange_.feed({buffer.data(), *count});
    }
    check_reply(exchange_, job_, target_);
    complete();
  }

  void complete()
  {
    answer_.fib_value = compute(job_);  // on the loop's thread: everybody else waits meanwhile
    finish();
  }

  void finish()
  {
    if (socket_) loop_.unwatch(socket_.get());
    socket_.reset();
    answer_.finished = Clock::now();
    finished_();
  }

  void watch(Ready interest, void (Request::*step)())
  {
    loop_.watch(socket_.get(), interest,
                [this, step](Ready) { guard([this, step] { (this->*step)(); }); });
  }

  // One broken connection is an answer that failed; the rest go on.
  template <class Step>
  void guard(Step step)
  {
    try {
      step();
    } catch (const std::exception& error) {
      fail(error.what());
    }
  }

  EventLoop& loop_;
  const Target& target_;
  const Job& job_;
  Answer& answer_;
  std::function<void()> finished_;
  HttpExchange exchange_;
  UniqueFd socket_;
};

}  // namespace

Answers run_event_loop(const Workload& workload)
{
  Answers answers = blank_answers(workload);
  EventLoop loop;
  std::size_t unfinished = answers.size();
  std::deque<Request> requests;
  for (std::size_t i = 0; i < answers.size(); ++i)
    requests.emplace_back(loop, workload.target, workload.jobs[i], answers[i], [&] {
      if (--unfinished == 0) loop.stop();
    });
  for (Request& request : requests) request.start();  // all are asked before any answer is read
  loop.call_at(Clock::now() + workload.target.deadline, [&] {
    for (Request& request : requests) request.fail("the deadline passed");
  });
  if (unfinished > 0) loop.run();
  return answers;
}

}  // namespace two_cakes
