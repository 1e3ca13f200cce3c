#include "session.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/errors.hpp"
#include "os/pipe.hpp"

namespace two_cakes {

std::string make_lines(int count)
{
  std::string lines;
  for (int i = 1; i <= count; ++i)
    lines += fmt::format("line {:>6} of a text that goes there and back\n", i);
  return lines;
}

Session open_session(const Endpoint& server, const std::string& lines, Clock::time_point deadline)
{
  const auto file = [](const char* name) {
    return UniqueFd(check_syscall("memfd_create", ::memfd_create(name, MFD_CLOEXEC)));
  };
  Session session{.socket = connect_blocking(server, deadline),
                  .input = file("input"),
                  .output = file("output"),
                  .deadline = deadline};
  write_all(session.input, lines);
  check_syscall("lseek", ::lseek(session.input.get(), 0, SEEK_SET));
  return session;
}

std::string output_of(const Session& session)
{
  check_syscall("lseek", ::lseek(session.output.get(), 0, SEEK_SET));
  return read_to_end(session.output);
}

std::size_t read_input(const Session& session, std::span<char> buffer)
{
  return static_cast<std::size_t>(
      check_syscall("read", ::read(session.input.get(), buffer.data(), buffer.size())));
}

timeval time_left(const Session& session)
{
  const auto left =
      std::chrono::ceil<std::chrono::microseconds>(session.deadline - Clock::now()).count();
  if (left <= 0) throw SyscallError(ETIMEDOUT, "select", "for the server");
  return {.tv_sec = left / 1'000'000, .tv_usec = left % 1'000'000};
}

void send_input(const Session& session)
{
  std::array<char, 4096> buffer;
  while (const std::size_t size = read_input(session, buffer))
    write_all_blocking(session.socket, {buffer.data(), size}, session.deadline);
  end_sending(session);
}

void receive_output(const Session& session)
{
  std::array<char, 4096> buffer;
  while (const std::size_t size = read_some_blocking(session.socket, buffer, session.deadline))
    write_all(session.output, {buffer.data(), size});
}

void end_sending(const Session& session)
{
  check_syscall("shutdown", ::shutdown(session.socket.get(), SHUT_WR));
}

}  // namespace two_cakes
