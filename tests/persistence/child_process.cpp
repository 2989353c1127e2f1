#include "child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace evoke::persistence::test {

child_process::child_process(std::filesystem::path const& store, std::string const& mode, std::uint64_t seed) {
  int from_child[2];
  int to_child[2];
  if (::pipe2(from_child, O_CLOEXEC) != 0 || ::pipe2(to_child, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
  std::string program = EVOKE_JOURNAL_CHILD;
  std::string path = store.string();
  std::string how = mode;
  std::string number = std::to_string(seed);
  char* arguments[] = {program.data(), path.data(), how.data(), number.data(), nullptr};
  int const problem = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(from_child[1]);
  ::close(to_child[0]);
  output_ = from_child[0];
  input_ = to_child[1];
  if (problem != 0) throw std::runtime_error("cannot start " + program);
}

child_process::~child_process() {
  kill();
  ::close(output_);
  ::close(input_);
}

std::optional<std::uint64_t> child_process::read() {
  std::uint64_t number = 0;
  auto* into = reinterpret_cast<char*>(&number);
  std::size_t got = 0;
  while (got < sizeof number) {
    auto const more = ::read(output_, into + got, sizeof number - got);
    if (more <= 0) return std::nullopt;
    got += static_cast<std::size_t>(more);
  }
  return number;
}

void child_process::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
}

}  // namespace evoke::persistence::test
