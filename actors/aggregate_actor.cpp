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
  return {[this](aggregate_message& told) { std::visit([this](auto& what) { handle(what); }, told.what); }};
}

void aggregate_actor::handle(request_ptr& request) {
  request->take_over();
  if (ending_)
    ending_->leftover.push_back(std::move(request));
  else
    life_.accept(std::move(request));
}

void aggregate_actor::handle(std::shared_ptr<continuation>& next) {
  if (!ending_) (*next)(life_);
}

void aggregate_actor::handle(aggregate_message::passivate) {
  if (!ending_) life_.passivate();
}

void aggregate_actor::handle(aggregate_message::last) {
  // The place may be gone when this returns: a retired life touches it no more.
  home_.retire(place_, std::move(ending_->leftover), std::move(ending_->refused));
  quit();
}

resumer aggregate_actor::make_resumer() {
  return [self = caf::actor_cast<caf::actor>(this)](continuation next) {
    caf::anon_send(self, aggregate_message{std::make_shared<continuation>(std::move(next))});
  };
}

void aggregate_actor::retire(std::vector<request_ptr> leftover, std::optional<failure> refused) {
  ending_ = std::make_unique<ending>(std::move(leftover), std::move(refused));
  // From here on arrivals wait in the directory. What it sent before lies in the mailbox, before this.
  home_.close(place_);
  caf::anon_send(caf::actor_cast<caf::actor>(this), aggregate_message{aggregate_message::last{}});
}

}  // namespace evoke::actors
