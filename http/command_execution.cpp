#include "http/command_execution.hpp"

namespace evoke::http {

void carry_out(api_context& api, command_request made, preferences::reply wanted, callback<command_result> done) {
  if (wanted != preferences::reply::representation) return api.served.execute(std::move(made), std::move(done));
  state_request then{made.type, made.id, {}, {}};
  api.served.execute(std::move(made), [&api, then = std::move(then), done = std::move(done)](command_result end) mutable {
    if (!end.accepted() || !end.replayed() || end.reply().version == version{}) return done(std::move(end));
    then.at_version = end.reply().version;
    api.served.state(std::move(then), [end = std::move(end), done = std::move(done)](result<state_reply> state) mutable {
      if (state) end.reply().state = std::move(state->state);
      done(std::move(end));
    });
  });
}

}  // namespace evoke::http
