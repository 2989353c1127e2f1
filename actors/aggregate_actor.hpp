#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "actors/aggregate_life.hpp"
#include "actors/directory.hpp"

namespace evoke::actors {

/// All that an aggregate's actor is told. One type and one handler: a handler takes about 50 bytes in every resident.
struct aggregate_message {
  struct passivate {};  ///< no request will come after this one
  struct last {};       ///< everything that was sent before the directory closed the place has come
  /// A request; how something goes on that the life has started elsewhere.
  std::variant<request_ptr, std::shared_ptr<continuation>, passivate, last> what;
};

/// The CAF shell around an aggregate's life: turns messages into calls, one at a time, and nothing else. Throws nothing: user code is
/// contained inside the life.
class aggregate_actor final : public caf::event_based_actor, private life_host {
 public:
  aggregate_actor(caf::actor_config& config, services& use, directory& home, directory::entry& place);

  caf::behavior make_behavior() override;
  char const* name() const override { return "evoke.aggregate"; }

 private:
  /// A life that ends by itself, not by passivation, is still sent requests: they are gathered until the directory sends no more.
  struct ending {
    std::vector<request_ptr> leftover;
    std::optional<failure> refused;
  };

  void handle(request_ptr& request);
  void handle(std::shared_ptr<continuation>& next);
  void handle(aggregate_message::passivate);
  void handle(aggregate_message::last);

  resumer make_resumer() override;
  void retire(std::vector<request_ptr> leftover, std::optional<failure> refused) override;

  directory& home_;
  directory::entry& place_;
  aggregate_life life_;
  std::unique_ptr<ending> ending_;
};

}  // namespace evoke::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(evoke::actors::aggregate_message)
