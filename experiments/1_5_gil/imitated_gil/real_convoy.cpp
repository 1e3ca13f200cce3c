// The convoy in CPython: chapter.py's convoy().
#include "convoy.hpp"
#include "jobs.hpp"
#include "switch_interval.hpp"

namespace two_cakes {

ConvoyResult run_real_convoy(const Convoy& convoy)
{
  const SwitchInterval interval(convoy.switch_interval);
  const double wait_s = std::chrono::duration<double>(convoy.wait).count();
  const PythonCall call{"convoy",
                        {std::int64_t{convoy.requests}, wait_s, std::int64_t{convoy.portion_units},
                         std::int64_t{kUnit}}};
  ConvoyResult result;
  result.request_s =
      std::get<std::vector<double>>(Python::interpreter().one_after_the_other({call}).front());
  result.sum = static_cast<std::uint64_t>(result.request_s.back());
  result.request_s.pop_back();
  result.portions = static_cast<std::int64_t>(result.request_s.back());
  result.request_s.pop_back();
  return result;
}

}  // namespace two_cakes
