#include "work/job.hpp"

#include <fcntl.h>

#include <cstring>
#include <functional>
#include <stdexcept>
#include <thread>
#include <type_traits>

#include "base/errors.hpp"
#include "catch.hpp"
#include "contains.hpp"
#include "loopback.hpp"
#include "os/socket.hpp"
#include "work/fibonacci.hpp"
#include "work/slow_server_process.hpp"

using namespace two_cakes;
using namespace two_cakes::testing;
using namespace std::chrono_literals;

namespace {

Workload three_jobs()
{
  Workload workload;
  for (std::uint32_t number : {7, 8, 9})
    workload.jobs.push_back({.number = number, .wait = 1ms, .fib = 10});
  return workload;
}

Answers right_answers(const Workload& workload)
{
  Answers answers = blank_answers(workload);
  for (Answer& answer : answers) {
    answer.fib_value = known_fib(10);
    answer.finished = Clock::now();
  }
  return answers;
}

std::string trouble_of(const std::function<void()>& call)
{
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

/// A server for one connection, on a thread of its own.
class OneShotServer {
 public:
  explicit OneShotServer(std::function<void(UniqueFd&)> serve)
      : listener_(listen_on(Endpoint::loopback_v4(0))),
        thread_([this, serve = std::move(serve)] {
          auto connection = accept_connection(listener_);
          char request[4096];
          read_some_blocking(*connection, request, soon());
          serve(*connection);
        })
  {
  }
  ~OneShotServer() { thread_.join(); }
  [[nodiscard]] Target target(std::chrono::milliseconds deadline = 10s) const
  {
    return {.endpoint = local_endpoint(listener_), .sends_token_back = false, .deadline = deadline};
  }

 private:
  UniqueFd listener_;
  std::thread thread_;
};

const Job kOneRequest{.number = 1, .wait = 1ms};

}  // namespace

TEST_CASE("a job takes the connection that was made for it, and no other")
{
  const UniqueFd listener = listen_on(Endpoint::loopback_v4(0));
  const Endpoint endpoint = local_endpoint(listener);
  std::vector<UniqueFd> connections;
  for (int i = 0; i < 2; ++i) connections.push_back(connect_blocking(endpoint, soon()));
  const int second = connections[1].get();
  const Target target{.endpoint = endpoint, .connections = &connections};
  const UniqueFd taken = start_connection_of({.number = 1}, target);
  CHECK(taken.get() == second);
  CHECK((::fcntl(second, F_GETFL) & O_NONBLOCK) != 0);
  CHECK(!connections[1]);
  const UniqueFd other = connection_of({.number = 0}, target, soon());
  CHECK((::fcntl(other.get(), F_GETFL) & O_NONBLOCK) == 0);
  CHECK_THROWS_AS(connection_of({.number = 2}, target, soon()), std::out_of_range);
}

TEST_CASE("an answer travels through a pipe as it is")
{
  static_assert(std::is_trivially_copyable_v<Answer>);
  static_assert(std::is_trivially_copyable_v<Job>);
  SUCCEED();
}

TEST_CASE("blank answers carry the numbers of their jobs, and nothing was done")
{
  const Workload workload = three_jobs();
  const Answers answers = blank_answers(workload);
  REQUIRE(answers.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(answers[i].number == workload.jobs[i].number);
    REQUIRE(answers[i].finished == Clock::time_point{});
  }
  REQUIRE_THROWS_AS(check_answers(answers, workload), WrongAnswer);
}

TEST_CASE("right answers pass, and so do none to no jobs")
{
  const Workload workload = three_jobs();
  REQUIRE_NOTHROW(check_answers(right_answers(workload), workload));
  REQUIRE_NOTHROW(check_answers({}, Workload{}));
}

TEST_CASE("each kind of wrong answer is caught, and the first is named")
{
  const Workload workload = three_jobs();
  Answers answers = right_answers(workload);
  const auto complaint = [&] {
    REQUIRE_THROWS_AS(check_answers(answers, workload), WrongAnswer);
    return trouble_of([&] { check_answers(answers, workload); });
  };
  SECTION("too few")
  {
    answers.pop_back();
    REQUIRE(contains(complaint(), "2 answers to 3 jobs"));
  }
  SECTION("too many")
  {
    answers.push_back(answers.back());
    REQUIRE(contains(complaint(), "4 answers to 3 jobs"));
  }
  SECTION("one that failed")
  {
    answers[1].fail("connect 127.0.0.1:1: Connection refused");
    REQUIRE(contains(complaint(),
                     "1 of 3 jobs failed; job 8: connect 127.0.0.1:1: Connection refused"));
  }
  SECTION("a wrong number")
  {
    answers[2].fib_value = 35;
    REQUIRE(contains(complaint(), "job 9: fib(10) is 34, not 35"));
  }
  SECTION("one that was never done")
  {
    answers[0].finished = {};
    REQUIRE(contains(complaint(), "job 7: it was never done"));
  }
  SECTION("one job twice, another never")
  {
    answers[1] = answers[0];
    REQUIRE(contains(complaint(), "job 8"));
  }
  SECTION("the order")
  {
    std::swap(answers[0], answers[2]);
    REQUIRE(contains(complaint(), "2 of 3 jobs failed; job 7"));
  }
  SECTION("all of them")
  {
    for (Answer& answer : answers) answer.fail("no");
    REQUIRE(contains(complaint(), "3 of 3 jobs failed; job 7: no"));
  }
}

TEST_CASE("a failure is never silent, and never too long")
{
  Answer answer;
  REQUIRE(answer.good());
  SECTION("without a reason")
  {
    answer.fail("");
    REQUIRE(!answer.good());
  }
  SECTION("with a very long one")
  {
    answer.fail("it began well");
    answer.fail(std::string(5000, 'x'));
    REQUIRE(!answer.good());
    REQUIRE(std::strlen(answer.problem.data()) < answer.problem.size());
    REQUIRE(std::string(answer.problem.data()).find_first_not_of('x') == std::string::npos);
  }
  SECTION("with a shorter one than before")
  {
    answer.fail("a long reason");
    answer.fail("short");
    REQUIRE(std::string(answer.problem.data()) == "short");
  }
  SECTION("in one line")
  {
    answer.fail("two\nlines\r\n");
    REQUIRE(std::string(answer.problem.data()).find_first_of("\r\n") == std::string::npos);
  }
}

TEST_CASE("what was never finished failed by the deadline")
{
  Answers answers = right_answers(three_jobs());
  answers[1].finished = {};
  fail_unfinished(answers);
  REQUIRE(answers[0].good());
  REQUIRE(contains(answers[1].problem.data(), "deadline"));
  REQUIRE(answers[2].good());
}

TEST_CASE("a job's request names its wait, to the microsecond, and a token of its own")
{
  const Target target{.endpoint = Endpoint::loopback_v4(80)};
  const std::string first(request_of({.number = 1, .wait = 1500us}, target).unsent());
  const std::string second(request_of({.number = 2, .wait = 20ms}, target).unsent());
  REQUIRE(contains(first, "delay_ms=1.500&"));
  REQUIRE(contains(second, "delay_ms=20"));
  REQUIRE(contains(first, "Host: 127.0.0.1:80\r\n"));
  REQUIRE(first.substr(first.find("token=")) != second.substr(second.find("token=")));
}

TEST_CASE("a reply is checked for its status, and for whose it is")
{
  const Job job{.number = 5, .wait = 1ms};
  const Target ours{.endpoint = Endpoint::loopback_v4(80)};
  const Target real{.endpoint = Endpoint::loopback_v4(80), .sends_token_back = false};
  const auto reply = [&](int status, const std::string& body) {
    HttpExchange exchange = request_of(job, ours);
    exchange.feed("HTTP/1.1 " + std::to_string(status) +
                  " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return exchange;
  };
  const std::string request(request_of(job, ours).unsent());
  const auto begin = request.find("token=") + 6;
  const std::string token = request.substr(begin, request.find_first_of("& ", begin) - begin);

  REQUIRE_NOTHROW(check_reply(reply(200, token), job, ours));
  REQUIRE_NOTHROW(check_reply(reply(200, "<html>"), job, real));
  REQUIRE(contains(trouble_of([&] { check_reply(reply(200, token + "0"), job, ours); }), token));
  REQUIRE(!trouble_of([&] { check_reply(reply(200, ""), job, ours); }).empty());
  REQUIRE(contains(trouble_of([&] { check_reply(reply(500, token), job, ours); }),
                   "127.0.0.1:80 answered with status 500"));
  REQUIRE(contains(trouble_of([&] { check_reply(reply(204, ""), job, real); }), "204"));
}

TEST_CASE("computing is what the job asks for")
{
  REQUIRE(compute({.fib = 0}) == 0);
  REQUIRE(compute({.fib = 20}) == known_fib(20));
}

TEST_CASE("a whole job: the wait is not cut short, the number is right")
{
  const SlowServerProcess server;
  const Target target{.endpoint = server.endpoint()};
  const auto start = Clock::now();
  const Answer answer = perform_blocking({.number = 3, .wait = 30ms, .fib = 15}, target);
  REQUIRE(std::string(answer.problem.data()).empty());
  REQUIRE(answer.number == 3);
  REQUIRE(answer.fib_value == known_fib(15));
  REQUIRE(answer.finished - start >= 30ms);
}

TEST_CASE("a job without a wait makes no request")
{
  const Target nobody{.endpoint = Endpoint::loopback_v4(1)};
  REQUIRE(perform_blocking({.number = 1, .fib = 5}, nobody).good());
}

TEST_CASE("a failure is told in the answer: refused")
{
  const Target nobody{.endpoint = local_endpoint(listen_on(Endpoint::loopback_v4(0)))};
  const Answer answer = perform_blocking(kOneRequest, nobody);
  REQUIRE(contains(answer.problem.data(),
                   "connect " + nobody.endpoint.to_string() + ": Connection refused"));
  REQUIRE(answer.finished != Clock::time_point{});
}

TEST_CASE("a failure is told in the answer: reset")
{
  const OneShotServer server(reset_connection);
  REQUIRE(
      contains(perform_blocking(kOneRequest, server.target()).problem.data(), "Connection reset"));
}

TEST_CASE("a failure is told in the answer: closed in the middle")
{
  const OneShotServer server([](UniqueFd& connection) {
    write_all_blocking(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", soon());
  });
  REQUIRE(contains(perform_blocking(kOneRequest, server.target()).problem.data(), "closed"));
}

TEST_CASE("a failure is told in the answer: garbage")
{
  const OneShotServer server(
      [](UniqueFd& connection) { write_all_blocking(connection, "\x01\x02\x03\r\n", soon()); });
  REQUIRE(contains(perform_blocking(kOneRequest, server.target()).problem.data(), "no HTTP"));
}

TEST_CASE("a failure is told in the answer: never answered, by the deadline")
{
  const OneShotServer server(
      [](UniqueFd& connection) { is_readable(connection); });  // until the client gives up
  const auto start = Clock::now();
  const Answer answer = perform_blocking(kOneRequest, server.target(40ms));
  REQUIRE(contains(answer.problem.data(), "timed out"));
  REQUIRE(Clock::now() - start >= 40ms);
}

TEST_CASE(
    "a failure is told in the answer: dribbled past the deadline, though something always comes")
{
  const OneShotServer server([](UniqueFd& connection) {
    try {
      for (int i = 0; i < 2000; ++i) {
        write_all_blocking(connection, i == 0 ? "HTTP/1.1 200 OK\r\nX: " : "x", soon());
        std::this_thread::sleep_for(1ms);
      }
    } catch (const SyscallError&) {  // the client gave up, as it should
    }
  });
  REQUIRE(contains(perform_blocking(kOneRequest, server.target(60ms)).problem.data(), "timed out"));
}
