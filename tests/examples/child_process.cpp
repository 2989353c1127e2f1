#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace tests {
namespace {

using std::chrono::steady_clock;

int milliseconds_until(steady_clock::time_point until) {
  auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

}  // namespace

child_process::child_process(std::vector<std::string> arguments) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  ::posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  std::vector<char*> raw;
  for (auto& each : arguments) raw.push_back(each.data());
  raw.push_back(nullptr);
  int const error = ::posix_spawn(&pid_, raw[0], &actions, nullptr, raw.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  pipe_ = ends[0];
  if (error == 0) return;
  ::close(pipe_);
  throw std::runtime_error("cannot start " + arguments.front());
}

child_process::child_process(child_process&& from) noexcept
    : pid_(std::exchange(from.pid_, -1)),
      pipe_(std::exchange(from.pipe_, -1)),
      output_(std::move(from.output_)),
      searched_(from.searched_),
      ended_(from.ended_) {}

child_process::~child_process() {
  if (pid_ > 0 && !ended_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (pipe_ >= 0) ::close(pipe_);
}

void child_process::send(int signal) const {
  if (!ended_) ::kill(pid_, signal);
}

bool child_process::running() const {
  ::siginfo_t info{};
  // WNOWAIT: the status stays there for wait().
  return !ended_ && ::waitid(P_PID, static_cast<::id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

std::string child_process::wait_for_line(std::string const& text, std::chrono::seconds within) {
  auto const until = steady_clock::now() + within;
  for (;;) {
    for (auto end = output_.find('\n', searched_); end != std::string::npos; end = output_.find('\n', searched_)) {
      auto line = output_.substr(searched_, end - searched_);
      searched_ = end + 1;
      if (line.find(text) != std::string::npos) return line;
    }
    if (!read_some(until)) throw std::runtime_error("ended without printing '" + text + "':\n" + output_);
  }
}

int child_process::wait(std::chrono::seconds within) {
  if (ended_) return *ended_;
  auto const until = steady_clock::now() + within;
  while (read_some(until)) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);  // its output has ended: it is about to end, too
  ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return *ended_;
}

bool child_process::read_some(steady_clock::time_point until) {
  ::pollfd waiting{pipe_, POLLIN, 0};
  if (::poll(&waiting, 1, milliseconds_until(until)) <= 0) throw std::runtime_error("timed out; printed so far:\n" + output_);
  char bytes[4096];
  auto const count = ::read(pipe_, bytes, sizeof bytes);
  if (count <= 0) return false;
  output_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

}  // namespace tests
