#include "actors/aggregate_actor.hpp"

#include <caf/send.hpp>
#include <utility>

namespace evoke::actors {

aggregate_actor::aggregate_actor(caf::actor_config& config, services& use, directory& home, directory::entry& place)
    : caf::event_based_actor(config),
      home_(home),
      place_(place),
      life_(use, *place.name->type, aggregate_id::trusted(place.name->id), place.link, *this) {}

caf::behavior aggregate_actor::make_behavior() {
  life_.begin();
  return {
      [this](request_message& asked) {
        asked.request->take_over();
        if (retiring_) return leftover_.push_back(std::move(asked.request));
        life_.accept(std::move(asked.request));
      },
      [this](continue_message& going_on) {
        if (!retiring_) (*going_on.next)(life_);
      },
      [this](passivate_message) {
        if (!retiring_) life_.passivate();
      },
      [this](last_message) {
        // The place may be gone when this returns: a retired life touches it no more.
        home_.retire(place_, std::move(leftover_), refused_ ? std::optional(std::move(*refused_)) : std::nullopt);
        quit();
      },
  };
}

resumer aggregate_actor::make_resumer() {
  return [self = caf::actor_cast<caf::actor>(this)](continuation next) {
    caf::anon_send(self, continue_message{std::make_shared<continuation>(std::move(next))});
  };
}

void aggregate_actor::retire(std::vector<request_ptr> leftover, std::optional<failure> refused) {
  retiring_ = true;
  leftover_ = std::move(leftover);
  if (refused) refused_ = std::make_unique<failure>(std::move(*refused));
  // From here on arrivals wait in the directory. What it sent before lies in the mailbox, before this.
  home_.close(place_);
  caf::anon_send(caf::actor_cast<caf::actor>(this), last_message{});
}

}  // namespace evoke::actors
