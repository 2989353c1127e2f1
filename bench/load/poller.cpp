#include "bench/load/poller.hpp"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

namespace evoke::load {

poller::poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  // Else the kernel wakes this thread up to 50 us late, which a constant rate would show as latency.
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

poller::~poller() {
  ::close(epoll_);
}

void poller::watch(int socket, endpoint& whose) {
  ::epoll_event wanted{EPOLLIN, {.ptr = &whose}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &wanted) != 0) throw std::system_error(errno, std::generic_category(), "epoll");
}

void poller::watch_writing(int socket, endpoint& whose, bool wanted) {
  ::epoll_event events{wanted ? EPOLLIN | EPOLLOUT : EPOLLIN, {.ptr = &whose}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &events) != 0) throw std::system_error(errno, std::generic_category(), "epoll");
}

void poller::wait(std::chrono::steady_clock::time_point until) {
  auto const left = std::max<std::int64_t>(0, std::chrono::nanoseconds(until - std::chrono::steady_clock::now()).count());
  ::timespec const time{static_cast<std::time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
  std::array<::epoll_event, 256> events{};
  auto const count = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &time, nullptr);
  for (int i = 0; i < count; ++i) {
    auto const& each = events[static_cast<std::size_t>(i)];
    static_cast<endpoint*>(each.data.ptr)->ready((each.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0, (each.events & EPOLLOUT) != 0);
  }
}

}  // namespace evoke::load
