#include "own_server.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace two_cakes::slow_server_check {

OwnServer::OwnServer()
{
  const auto program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "slow_server";
  const auto parent = "--die-with-parent=" + std::to_string(getpid());
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const auto ready_fd = std::to_string(pipe_ends[1]);
  std::array<const char*, 7> arguments{program.c_str(),  "--port",       "0",    "--ready-fd",
                                       ready_fd.c_str(), parent.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
  const int error = posix_spawn(&process_, program.c_str(), &actions, nullptr,
                                const_cast<char* const*>(arguments.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  std::array<char, 16> line{};
  const auto count = error == 0 ? read(pipe_ends[0], line.data(), line.size()) : 0;
  close(pipe_ends[0]);
  if (error != 0) throw std::system_error(error, std::generic_category(), program.string());
  // The port comes in one write, so one read has it; nothing at all means that the server ended.
  if (count <= 0) throw std::runtime_error(program.string() + " ended before it listened");
  std::from_chars(line.data(), line.data() + count, port_);
}

OwnServer::~OwnServer()
{
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

}  // namespace two_cakes::slow_server_check
