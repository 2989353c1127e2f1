#include "bench/http/child_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace evoke::bench {

child_server::child_server(std::vector<std::string> command) {
  std::array<int, 2> out{};
  if (pipe(out.data()) != 0) throw std::runtime_error("no pipe");
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("no fork");
  if (pid_ == 0) {
    dup2(out[1], STDOUT_FILENO);
    int const nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    close(out[0]);
    std::vector<char*> arguments;
    for (auto& each : command) arguments.push_back(each.data());
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(out[1]);
  std::string text;
  std::array<char, 512> buffer{};
  constexpr std::string_view mark = "listening on ";
  for (;;) {
    auto const got = read(out[0], buffer.data(), buffer.size());
    if (got <= 0) throw std::runtime_error("did not start: " + command[0]);
    text.append(buffer.data(), static_cast<std::size_t>(got));
    auto const at = text.find(mark);
    if (at == std::string::npos || text.find('\n', at) == std::string::npos) continue;
    auto const colon = text.find(':', at);
    port_ = static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)));
    break;
  }
  close(out[0]);
}

child_server::~child_server() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

double child_server::cpu_seconds() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/stat");
  std::stringstream all;
  all << in.rdbuf();
  auto const text = all.str();
  // Fields behind the name in parentheses, which may hold anything: 14 and 15 are user and system time in ticks (proc(5)).
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace evoke::bench
