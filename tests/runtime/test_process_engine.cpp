#include "runtime/process_engine.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <random>

#include "model/process_names.hpp"
#include "runtime/process_rows.hpp"
#include "tests/model/sample_process.hpp"

using namespace evoke;
using namespace evoke::detail;
using namespace journeys;

namespace {

std::uint64_t seed_of_test() {
  auto const* const given = std::getenv("EVOKE_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

/// A world in which everything takes place in an order that a seed draws, and which a crash may cut off between any two steps. What is
/// stored stays: the instances, the rows, the places and the outcomes of keyed commands.
class simulated_world final : public process_world {
 public:
  explicit simulated_world(std::uint64_t seed) : random_(seed), definition_(define_process<journey>()) {
    places_["hotel"].free = 3;
    places_["plane"].free = 2;
    boot();
  }

  void request(std::string const& id) {
    auto event = std::make_shared<recorded_event>();
    event->id = event_id{};
    event->type = event_type::trusted("trip_requested");
    event->stream_type = aggregate_type::trusted("trip");
    event->stream_id = aggregate_id::trusted(id);
    event->version = version{1};
    event->position = position{log_.size() + 1};
    event->data = R"({"room":"hotel","seat":"plane"})";
    log_.push_back(std::move(event));
  }

  /// One thing happens. False when nothing is left to happen.
  bool step() {
    if (engine_->wants_events() && engine_->examined().value() < log_.size() && random_() % 4 == 0) {
      engine_->arrived(view_of(*log_[engine_->examined().value()]));
      return true;
    }
    if (!under_way_.empty()) {
      auto const which = random_() % under_way_.size();
      auto const what = std::move(under_way_[which]);
      under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(which));
      what();
      return true;
    }
    if (random_() % 8 == 0) engine_->save(false);
    auto const next = engine_->tick();
    if (!under_way_.empty() || (engine_->wants_events() && engine_->examined().value() < log_.size())) return true;
    if (!next) return false;
    time_ = std::max(time_, *next);
    return true;
  }

  /// The process dies: what was under way is lost, on either side of its effect. Another begins.
  void crash() {
    under_way_.clear();
    ++crashes_;
    boot();
  }

  [[nodiscard]] std::uint64_t draw() { return random_(); }
  [[nodiscard]] process_status status_of(std::string const& id) const { return instances_.at(id).instance.status; }
  [[nodiscard]] place const& at(std::string const& id) const { return places_.at(id); }
  [[nodiscard]] std::size_t remembered() const { return outcomes_.size(); }
  [[nodiscard]] std::size_t open_rows() const {
    return static_cast<std::size_t>(std::ranges::count_if(rows_, [](auto const& each) { return each.first.starts_with("o/"); }));
  }
  [[nodiscard]] std::map<std::string, int> const& times() const { return times_; }

  // -- process_world
  void send(std::string const& instance, process_delivery delivery, metadata) override {
    REQUIRE(on_the_way_.insert(instance).second);  // one message at a time
    under_way_.emplace_back([this, instance, delivery = std::move(delivery), life = crashes_] {
      if (random_() % 10 == 0) return reply(instance, failure{errc::overloaded, "busy"}, life);
      auto& stored = instances_[instance];
      auto const id = aggregate_id::trusted(instance);
      metadata const none;
      context const given(id, version{stored.version}, now(), none, 1);
      auto made = decide_process(*definition_, stored.instance, stored.version > 0, delivery.message, given);
      REQUIRE(made);
      auto& decision = std::get<process_decision>(*made);
      if (decision.after.status != stored.instance.status || stored.version == 0) {
        if (decision.after.ended())
          rows_.erase(instance_row_key(instance_list::open, "journey", instance));
        else if (!decision.events.empty())
          rows_[instance_row_key(instance_list::open, "journey", instance)] = "";
      }
      stored = {decision.after, stored.version + decision.events.size()};
      for (auto const& each : decision.forget) outcomes_.erase(each.aggregate_id + "/" + each.key);
      *delivery.answer = {due_steps(decision.after), decision.after.correlation_id};
      command_reply accepted;
      accepted.version = version{stored.version};
      reply(instance, std::move(accepted), life);
    });
  }

  void carry_out(std::uint64_t ticket, command_request request) override {
    under_way_.emplace_back([this, ticket, request = std::move(request), life = crashes_] {
      if (random_() % 10 == 0) return end(ticket, failure{errc::outcome_unknown, "perhaps"}, life);
      auto const key = request.id + "/" + *request.options.idempotency_key;
      auto const known = outcomes_.find(key);
      if (known == outcomes_.end()) {
        ++times_[request.command + " " + key];
        outcomes_[key] = do_it(request);
      }
      auto const& why = outcomes_.at(key);
      if (why)
        end(ticket, *why, life);
      else
        end(ticket, command_reply{}, life);
    });
  }

  [[nodiscard]] result<std::vector<std::shared_ptr<recorded_event const>>> today(projected_event const& stored) const override {
    return std::vector<std::shared_ptr<recorded_event const>>{keep(stored)};
  }
  [[nodiscard]] std::chrono::nanoseconds steady() const override { return time_; }
  [[nodiscard]] timestamp now() const override { return timestamp{std::chrono::duration_cast<std::chrono::microseconds>(time_)}; }
  result<void> write_rows(std::vector<persistence::row_change> rows, bool) override {
    for (auto& row : rows) {
      if (row.value)
        rows_[row.key] = std::move(*row.value);
      else
        rows_.erase(row.key);
    }
    return {};
  }
  result<void> scan_rows(std::string const& prefix, persistence::row_visitor const& visit) override {
    for (auto const& [key, value] : std::map(rows_))
      if (key.starts_with(prefix) && !visit(key, value)) break;
    return {};
  }
  result<void> read_again(position, position, std::function<void(projected_event const&)> const&) override { return {}; }
  void say(log_level, std::string_view) override {}

 private:
  struct stored_instance {
    process_instance instance{};
    std::uint64_t version = 0;
  };

  void boot() {
    on_the_way_.clear();
    engine_ = std::make_unique<process_engine>(*definition_, *this, 4);
    // At its first start a process begins behind the head: here that is before anything was asked for.
    REQUIRE(engine_->start(position{log_.size()}));
  }

  // A command's effect and its answer are two things: a crash may come between them.
  void reply(std::string const& instance, command_result end, int life) {
    under_way_.emplace_back([this, instance, end = std::move(end), life] {
      if (life != crashes_) return;
      on_the_way_.erase(instance);
      engine_->answered(instance, end);
    });
  }
  void end(std::uint64_t ticket, command_result end, int life) {
    under_way_.emplace_back([this, ticket, end = std::move(end), life] {
      if (life == crashes_) engine_->carried_out(ticket, end);
    });
  }

  std::optional<rejection> do_it(command_request const& request) {
    if (request.type == "trip") {
      ++confirmed_[request.id];
      return std::nullopt;
    }
    auto& of = places_.at(request.id);
    auto const id = aggregate_id::trusted(request.id);
    metadata const none;
    context const given(id, version{1}, now(), none, 1);
    auto const apply = [&](auto decision) -> std::optional<rejection> {
      if (decision.rejected()) return decision.why();
      for (auto const& event : decision.events()) std::visit([&](auto const& each) { evolve(of, each); }, event);
      return std::nullopt;
    };
    auto const trip = json::decode<hold>(request.body)->trip;
    return request.command == "hold" ? apply(decide(of, hold{trip}, given)) : apply(decide(of, release{trip}, given));
  }

  std::mt19937_64 random_;
  std::shared_ptr<process_definition const> definition_;
  std::unique_ptr<process_engine> engine_;
  std::vector<std::shared_ptr<recorded_event const>> log_;
  std::map<std::string, stored_instance> instances_;
  std::map<std::string, place> places_;
  std::map<std::string, int> confirmed_;
  std::map<std::string, std::optional<rejection>> outcomes_;  // of keyed commands
  std::map<std::string, int> times_;                          // that a keyed command had its effect
  std::map<std::string, std::string> rows_;
  std::vector<std::function<void()>> under_way_;
  std::set<std::string> on_the_way_;
  std::chrono::nanoseconds time_{1};
  int crashes_ = 0;
};

}  // namespace

TEST_CASE("whatever the order and wherever it crashes, every process ends and every command has its effect once") {
  auto const first = seed_of_test();
  for (std::uint64_t seed = first; seed < first + 200; ++seed) {
    INFO("EVOKE_SEED=" << seed);
    simulated_world world(seed);
    int const trips = 8;
    int asked = 0;
    int crashes = static_cast<int>(world.draw() % 12);
    for (int steps = 0;; ++steps) {
      REQUIRE(steps < 100'000);
      if (asked < trips && world.draw() % 10 == 0) world.request("t-" + std::to_string(asked++));
      if (crashes > 0 && world.draw() % 40 == 0) {
        --crashes;
        world.crash();
      }
      if (!world.step() && asked == trips) break;
    }
    std::size_t completed = 0;
    for (int i = 0; i < trips; ++i) {
      auto const status = world.status_of("t-" + std::to_string(i));
      CHECK((status == process_status::completed || status == process_status::failed));
      if (status == process_status::completed) ++completed;
    }
    // As many as there is room for, and nothing kept by those that failed.
    CHECK(completed <= 2);
    CHECK(world.at("hotel").holders.size() == completed);
    CHECK(world.at("plane").holders.size() == completed);
    CHECK(world.at("hotel").free == 3 - static_cast<std::int64_t>(completed));
    CHECK(world.open_rows() == 0);
    CHECK(world.remembered() == 0);  // every outcome is recorded in a stream, so none is kept for a retry
    for (auto const& [command, times] : world.times()) {
      INFO(command);
      CHECK(times == 1);
    }
  }
}
