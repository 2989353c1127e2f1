#include "runtime/deadlines.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace evoke::detail {

void deadlines::call_at(std::chrono::steady_clock::time_point when, std::function<void()> what) {
  // A timer is used by one thread only: it is made and waits where it ends.
  boost::asio::post(pool_.context(0), [this, when, what = std::move(what)]() mutable {
    auto timer = std::make_shared<boost::asio::steady_timer>(pool_.context(0), when);
    timer->async_wait([timer, what = std::move(what)](boost::system::error_code why) {
      if (!why) what();
    });
  });
}

}  // namespace evoke::detail
