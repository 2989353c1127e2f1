#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <memory>

#include "actors/aggregate_life.hpp"
#include "actors/directory.hpp"

namespace evoke::actors {

/// A request for the aggregate.
struct request_message {
  request_ptr request;
};
/// No request will come after this one.
struct passivate_message {};
/// Everything that was sent before the directory closed the place has come.
struct last_message {};
/// Goes on with something the life has started elsewhere.
struct continue_message {
  std::shared_ptr<continuation> next;
};

/// The CAF shell around an aggregate's life: turns messages into calls, one at a time, and nothing else. Throws nothing: user code is
/// contained inside the life.
class aggregate_actor final : public caf::event_based_actor, private life_host {
 public:
  aggregate_actor(caf::actor_config& config, services& use, directory& home, directory::entry& place);

  caf::behavior make_behavior() override;
  char const* name() const override { return "evoke.aggregate"; }

 private:
  resumer make_resumer() override;
  void retire(std::vector<request_ptr> leftover, std::optional<failure> refused) override;

  directory& home_;
  directory::entry& place_;
  aggregate_life life_;
  /// A life that ends by itself, not by passivation, is still sent requests: they are gathered until the directory sends no more.
  bool retiring_ = false;
  std::vector<request_ptr> leftover_;
  std::unique_ptr<failure> refused_;
};

}  // namespace evoke::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(evoke::actors::request_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(evoke::actors::passivate_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(evoke::actors::last_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(evoke::actors::continue_message)
