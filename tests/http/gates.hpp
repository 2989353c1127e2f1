#pragma once

#include <evoke/evoke.hpp>

#include <atomic>
#include <boost/describe.hpp>
#include <string>

/// An aggregate whose recovery takes as long as a test wants: meanwhile its commands are open, and no worker is blocked.
namespace gates {

/// Recoveries wait while one lives.
class closed {
 public:
  closed() { shut() = true; }
  ~closed() { open(); }
  closed(closed const&) = delete;
  closed& operator=(closed const&) = delete;
  static void open() {
    shut() = false;
    shut().notify_all();
  }
  static void wait() { shut().wait(true); }

 private:
  static std::atomic<bool>& shut() {
    static std::atomic<bool> state{false};
    return state;
  }
};

struct knock {
  int number = 0;
};
BOOST_DESCRIBE_STRUCT(knock, (), (number))
struct knocked {
  int number = 0;
  std::string ballast;  ///< too much for a worker to recover, so that a background thread does
};
BOOST_DESCRIBE_STRUCT(knocked, (), (number, ballast))
struct gate {
  int last = 0;
};
BOOST_DESCRIBE_STRUCT(gate, (), (last))

inline evoke::decision<knocked> decide(gate const&, knock const& command, evoke::context const&) {
  return knocked{command.number, std::string(100'000, 'x')};
}

inline void evolve(gate& now, knocked const& event) {
  closed::wait();
  now.last = event.number;
}

inline auto describe(evoke::type<gate>) {
  return evoke::aggregate<gate>("gate").command<knock>("knock").event<knocked>("knocked");
}

}  // namespace gates
