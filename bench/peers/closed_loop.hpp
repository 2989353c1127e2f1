#pragma once

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include "bench/measure/measure.hpp"

namespace evoke::bench {

/// What the clients of a peer came to.
struct totals {
  std::uint64_t acknowledged = 0;
  latencies took;
};

/// One thread drives all clients until the window is over and nothing is on its way. A Client has socket(), begin() which sends an append,
/// and readable(window, totals), true when that append is done.
/// @param at_once so many of them begin. @param next (Client& idle): who goes on in its place, mostly itself.
/// @throws std::runtime_error when nothing is answered for ten seconds, and what a client throws.
template <class Client, class Next>
totals closed_loop(std::vector<std::unique_ptr<Client>> const& clients, std::size_t at_once, window const& measured, Next next) {
  struct poll_file {
    int number = epoll_create1(EPOLL_CLOEXEC);
    ~poll_file() { close(number); }
  } const poll;
  for (auto const& each : clients) {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.ptr = each.get();
    epoll_ctl(poll.number, EPOLL_CTL_ADD, each->socket(), &wanted);
  }
  totals all;
  for (std::size_t i = 0; i < at_once; ++i) clients[i]->begin();
  std::array<epoll_event, 256> ready{};
  for (std::size_t busy = at_once; busy > 0;) {
    int const count = epoll_wait(poll.number, ready.data(), static_cast<int>(ready.size()), 10'000);
    if (count <= 0) throw std::runtime_error("no answer for ten seconds");
    for (int i = 0; i < count; ++i) {
      auto& each = *static_cast<Client*>(ready[static_cast<std::size_t>(i)].data.ptr);
      if (!each.readable(measured, all)) continue;
      if (measured.over(steady::now()))
        --busy;
      else
        next(each).begin();
    }
  }
  return all;
}

}  // namespace evoke::bench
