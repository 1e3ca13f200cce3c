#include "tasks/signal_calls.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <string>

#include "base/errors.hpp"

namespace two_cakes {
namespace {

constexpr int kSignals = 65;
std::array<std::atomic<const WakeUp*>, kSignals> bells{};
std::array<std::atomic<bool>, kSignals> came{};
static_assert(std::atomic<const WakeUp*>::is_always_lock_free);

std::size_t index(int number) { return static_cast<std::size_t>(number); }

extern "C" void note_signal(int number)
{
  came[index(number)] = true;
  if (const WakeUp* bell = bells[index(number)]) bell->ring();
}

}  // namespace

SignalCalls::~SignalCalls()
{
  while (!handled_.empty()) remove(handled_.begin()->first);
}

void SignalCalls::add(int number, Callback callback)
{
  if (const auto found = handled_.find(number); found != handled_.end()) {
    found->second.callback = std::move(callback);
    return;
  }
  const std::string subject = "signal " + std::to_string(number);
  if (number <= 0 || number >= kSignals) throw SyscallError(EINVAL, "sigaction", subject);
  const WakeUp* nobody = nullptr;
  if (!bells[index(number)].compare_exchange_strong(nobody, &bell_))
    throw SyscallError(EBUSY, "handle", subject);
  came[index(number)] = false;
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  struct sigaction before {};
  if (::sigaction(number, &action, &before) == -1) {
    const int error = errno;
    bells[index(number)] = nullptr;
    throw SyscallError(error, "sigaction", subject);
  }
  handled_.emplace(number, Handled{std::move(callback), before});
}

bool SignalCalls::remove(int number)
{
  const auto found = handled_.find(number);
  if (found == handled_.end()) return false;
  ::sigaction(number, &found->second.before, nullptr);
  bells[index(number)] = nullptr;
  handled_.erase(found);
  return true;
}

std::vector<SignalCalls::Callback> SignalCalls::take()
{
  std::vector<Callback> calls;
  for (const auto& [number, handled] : handled_)
    if (came[index(number)].exchange(false)) calls.push_back(handled.callback);
  return calls;
}

}  // namespace two_cakes
