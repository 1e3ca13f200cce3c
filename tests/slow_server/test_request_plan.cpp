// What the slow server reads out of a request target, and what it refuses.
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "request_plan.hpp"

using namespace two_cakes::slow_server;
using namespace std::chrono_literals;

namespace {

/// Why `target` is refused; empty if it is not.
std::string complaint_about_target(const std::string& target)
{
  try {
    plan_request(target);
  } catch (const BadRequest& bad) {
    return bad.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a target without a query asks for nothing special")
{
  for (const std::string target : {"/", "/any/path", "/?", "/?&&", "*", "http://127.0.0.1:8080/"}) {
    INFO(target);
    const auto plan = plan_request(target);
    CHECK_FALSE(plan.delay.has_value());
    CHECK_FALSE(plan.bytes.has_value());
    CHECK(plan.text == kDefaultText);
    CHECK(plan.status == 200);
    CHECK_FALSE(plan.chunked);
    CHECK(plan.fault == Fault::kNone);
  }
}

TEST_CASE("every parameter is read")
{
  const auto plan =
      plan_request("/job?delay_ms=0.5&token=job-17&bytes=1000&status=503&chunked=1&fault=dribble");
  CHECK(plan.delay == 500us);
  CHECK(plan.text == "job-17");
  CHECK(plan.bytes == 1000u);
  CHECK(plan.status == 503);
  CHECK(plan.chunked);
  CHECK(plan.fault == Fault::kDribble);
}

TEST_CASE("the query begins at the first question mark and ends at the fragment")
{
  CHECK(plan_request("http://[::1]:80/a?delay_ms=7").delay == 7ms);
  CHECK(plan_request("/?token=a#&token=b").text == "a");
  CHECK(complaint_about_target("/?token=a?b").find("token='a?b'") == 0);
}

TEST_CASE("the last of two equal names counts")
{
  CHECK(plan_request("/?delay_ms=1&delay_ms=2").delay == 2ms);
}

TEST_CASE("every fault has its name")
{
  const std::vector<std::pair<std::string, Fault>> faults{{"reset", Fault::kReset},
                                                          {"never", Fault::kNever},
                                                          {"dribble", Fault::kDribble},
                                                          {"close", Fault::kClose}};
  for (const auto& [name, fault] : faults) CHECK(plan_request("/?fault=" + name).fault == fault);
}

TEST_CASE("the limits themselves are allowed")
{
  CHECK(plan_request("/?bytes=0").bytes == 0u);
  CHECK(plan_request("/?bytes=16777216").bytes == kLongestAnswerBytes);
  CHECK(plan_request("/?status=200").status == 200);
  CHECK(plan_request("/?status=599").status == 599);
  CHECK_FALSE(plan_request("/?chunked=0").chunked);
  const std::string token(kLongestTokenBytes, '~');
  CHECK(plan_request("/?token=" + token).text == token);
  CHECK(plan_request("/?token=aZ09-._~").text == "aZ09-._~");
}

TEST_CASE("what can't be obeyed is refused, and the complaint names it")
{
  const std::vector<std::pair<std::string, std::string>> bad{
      {"delay_ms=-1", "delay_ms='-1' is negative"},
      {"delay_ms=nan", "delay_ms='nan' is not a finite number"},
      {"delay_ms=soon", "delay_ms='soon' is not a number"},
      {"delay_ms=", "delay_ms='' is not a number"},
      {"delay_ms", "delay_ms='' is not a number"},
      {"delay_ms=3600001", "delay_ms='3600001' is above the limit of 1 hour"},
      {"delay=20", "unknown parameter 'delay'"},
      {"=20", "unknown parameter ''"},
      {"token=", "token=''"},
      {"token=a%20b", "token='a%20b'"},
      {"token=a+b", "token='a+b'"},
      {"bytes=16777217", "bytes='16777217': must be a whole number from 0 to 16777216"},
      {"bytes=-1", "bytes='-1'"},
      {"bytes=1.5", "bytes='1.5'"},
      {"bytes=99999999999999999999999", "bytes='99999999999999999999999'"},
      {"status=199", "status='199': must be a whole number from 200 to 599"},
      {"status=600", "status='600'"},
      {"status=ok", "status='ok'"},
      {"chunked=2", "chunked='2'"},
      {"chunked=yes", "chunked='yes'"},
      {"fault=maybe", "fault='maybe': must be reset, never, dribble or close"},
  };
  for (const auto& [query, complaint] : bad) {
    INFO(query);
    CHECK(complaint_about_target("/?" + query).find(complaint) == 0);
  }
  CHECK(complaint_about_target("/?token=" + std::string(kLongestTokenBytes + 1, 'a')).size() < 200);
  CHECK(complaint_about_target("example.com:443").find("request target") != std::string::npos);
}
