#include "runtime/ticker.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <utility>

namespace evoke::detail {

struct ticker::shared {
  shared(boost::asio::io_context& on, std::chrono::milliseconds every, std::function<void()> what)
      : timer(on), interval(every), tick(std::move(what)) {}
  boost::asio::steady_timer timer;
  std::chrono::milliseconds interval;
  std::function<void()> tick;
  std::atomic<bool> stopped{false};
};

ticker::ticker(actors::worker_pool& pool, std::chrono::milliseconds interval, std::function<void()> tick)
    : shared_(std::make_shared<shared>(pool.context(0), interval, std::move(tick))) {
  boost::asio::post(pool.context(0), [with = shared_] { wait(with); });
}

void ticker::wait(std::shared_ptr<shared> const& with) {
  if (with->stopped) return;
  with->timer.expires_after(with->interval);
  with->timer.async_wait([with](boost::system::error_code) {
    if (with->stopped) return;
    with->tick();
    wait(with);
  });
}

void ticker::stop() {
  if (shared_->stopped.exchange(true)) return;
  boost::asio::post(shared_->timer.get_executor(), [with = shared_] { with->timer.cancel(); });
}

}  // namespace evoke::detail
