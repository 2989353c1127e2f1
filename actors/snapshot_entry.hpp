#pragma once

#include <functional>
#include <utility>

#include "actors/bound_type.hpp"
#include "actors/services.hpp"
#include "persistence/commit_entry.hpp"

namespace evoke::actors {

/// A snapshot on its way: chained to the commit of the event it was taken at, written on a background thread when that is durable, never in
/// the way of a commit. A group that failed takes its snapshot with it.
class snapshot_entry final : public persistence::commit_entry {
 public:
  /// @param ended called once, written or not, from any thread.
  snapshot_entry(services& use, bound_type const& type, aggregate_id id, persistence::snapshot made, std::function<void()> ended)
      : use_(use), type_(type), made_(std::move(made)), ended_(std::move(ended)) {
    change.id = std::move(id);
  }

  void finish(failure const* why) noexcept override {
    if (why != nullptr) return ended_();
    made_.position = change.first_position;
    use_.pool.submit([self = boost::intrusive_ptr<snapshot_entry>(this)] {
      auto written = self->use_.store.write_snapshot({self->type_.number, self->change.id.str()}, self->made_);
      if (!written)
        self->use_.say(log_level::warning,
                       "snapshot of " + self->type_.name.str() + "/" + self->change.id.str() + " not written: " + written.error().message);
      self->ended_();
    });
  }

 private:
  services& use_;
  bound_type const& type_;
  persistence::snapshot made_;
  std::function<void()> ended_;
};

}  // namespace evoke::actors
