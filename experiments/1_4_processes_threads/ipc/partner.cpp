#include "partner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>

#include "base/errors.hpp"
#include "message.hpp"
#include "tasks/start_thread.hpp"

namespace two_cakes {
namespace {

struct Order {
  Task task{};
  std::uint64_t messages = 0;
};
using RawOrder = std::array<char, sizeof(Order)>;
using RawCount = std::array<char, sizeof(std::uint64_t)>;

std::uint64_t obey(const Order& order, Channel& channel, std::size_t message_bytes)
{
  std::uint64_t wrong = 0;
  for (std::uint64_t number = 0; number < order.messages; ++number) {
    const auto message = channel.receive();
    if (order.task == Task::kSendBack) channel.send(message);
    else if (order.task == Task::kReceive) wrong += is_stamped(message, number) ? 0 : 1;
    else wrong += std::ranges::equal(message, full_message(message_bytes, number)) ? 0 : 1;
  }
  return wrong;
}

}  // namespace

Partner::Partner(Who who, Link link, std::size_t message_bytes)
    : link_(std::move(link)),
      message_bytes_(message_bytes)
{
  std::tie(orders_, their_orders_) = make_socket_pair();
  if (who == Who::kThread) {
    thread_ = start_thread([this] { serve(their_orders_); });
    return;
  }
  child_ = Child::fork([this] {
    orders_.reset();
    link_.ours.reset();
    return serve(their_orders_);
  });
  their_orders_.reset();
  link_.theirs.reset();
}

Partner::~Partner()
{
  orders_.reset();  // the end of the orders is the end of the partner
  if (child_) link_.ours.reset();
  if (child_) child_->wait();
}

void Partner::tell(Task task, std::uint64_t messages)
{
  const auto raw = std::bit_cast<RawOrder>(Order{task, messages});
  write_all(orders_, {raw.data(), raw.size()});
}

std::uint64_t Partner::wrong_messages()
{
  RawCount raw{};
  if (!read_exactly(orders_, raw)) throw SyscallError(EPIPE, "read", "the partner is gone");
  return std::bit_cast<std::uint64_t>(raw);
}

int Partner::serve(const UniqueFd& orders)
{
  RawOrder raw{};
  while (read_exactly(orders, raw)) {
    const auto count =
        std::bit_cast<RawCount>(obey(std::bit_cast<Order>(raw), *link_.theirs, message_bytes_));
    write_all(orders, {count.data(), count.size()});
  }
  return 0;
}

}  // namespace two_cakes
