#include "registrar.hpp"

#include "user_registration.hpp"

#include <memory>

namespace users {
namespace {

constexpr char const* process_name = "user_registration";

/// Follows the stream of one registration's process until it ends. Lives as long as an answer is awaited.
class waiting_registration : public std::enable_shared_from_this<waiting_registration> {
 public:
  waiting_registration(evoke::runtime& served, std::string id, std::string user_id, std::chrono::milliseconds deadline,
                       evoke::callback<registration_end> done)
      : served_(served),
        id_(std::move(id)),
        user_id_(std::move(user_id)),
        until_(std::chrono::steady_clock::now() + deadline),
        done_(std::move(done)) {}

  void begin() {
    evoke::subscription_request wanted;
    wanted.stream = evoke::stream_name{process_name, id_};
    auto followed = served_.subscribe(std::move(wanted));
    if (!followed) return accept();  // it is registered all the same, only nobody here will hear of it
    stream_.emplace(std::move(*followed));
    look_on();
  }

 private:
  void look_on() {
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now());
    if (left.count() <= 0) return accept();
    stream_->next(left, [self = shared_from_this()](evoke::result<evoke::subscription_batch> batch) {
      if (!batch) return self->accept();
      if (std::ranges::any_of(batch->events, evoke::settles_process)) return self->tell_outcome();
      self->look_on();
    });
  }

  void tell_outcome() {
    served_.processes().instance(process_name, id_, [self = shared_from_this()](evoke::result<evoke::process_instance_reply> found) {
      if (!found) return self->accept();
      auto state = evoke::json::decode<user_registration>(found->instance.state.json);
      if (!state || state->outcome != registration_outcome::refused) return self->accept();
      if (state->duplicate_user_id) return self->done_(already_registered{*state->duplicate_user_id});
      self->done_(evoke::rejection::invalid(state->reason_code.value_or("refused"), state->reason.value_or("refused")));
    });
  }

  void accept() { done_(registration_accepted{user_id_}); }

  evoke::runtime& served_;
  std::string id_;
  std::string user_id_;
  std::chrono::steady_clock::time_point until_;
  evoke::callback<registration_end> done_;
  std::optional<evoke::subscription> stream_;
};

}  // namespace

registrar make_registrar(evoke::runtime& served, std::chrono::milliseconds deadline) {
  return [&served, deadline](applicant who, evoke::callback<registration_end> done) {
    auto const id = evoke::uuid::random().str();
    auto const user_id = evoke::uuid::random().str();
    request_registration wanted{user_id, who.auth0_id, who.github_id, who.github_username, who.name, who.avatar_url};
    served.of<registration>(id).execute(std::move(wanted),
                                        [&served, deadline, id, user_id, done = std::move(done)](evoke::command_result end) mutable {
                                          if (end.rejected()) return done(end.why());
                                          if (end.failed()) return done(end.error());
                                          std::make_shared<waiting_registration>(served, id, user_id, deadline, std::move(done))->begin();
                                        });
  };
}

}  // namespace users
