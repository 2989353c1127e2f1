#include "model/process_aggregate.hpp"

#include <evoke/json.hpp>

#include <boost/mp11.hpp>

#include <utility>

#include "model/process_names.hpp"

namespace evoke::detail {
namespace {

/// Fields of process_close_command.
struct close_fields {
  std::string reason{};
};
BOOST_DESCRIBE_STRUCT(close_fields, (), (reason))
struct retry_fields {};
BOOST_DESCRIBE_STRUCT(retry_fields, (), ())
struct timer_fields {
  std::string name{};
};
BOOST_DESCRIBE_STRUCT(timer_fields, (), (name))

enum command_index : std::size_t { retry_index, close_index, timer_index, delivery_index };

boxed_command box(std::size_t index, process_delivery delivery) {
  return {index, {new process_delivery(std::move(delivery)), [](void* object) { delete static_cast<process_delivery*>(object); }}};
}

/// Which list an instance stands in.
instance_list place_of(process_status status) {
  switch (status) {
    case process_status::running:
    case process_status::compensating: return instance_list::open;
    case process_status::compensation_failed: return instance_list::stuck;
    case process_status::completed:
    case process_status::failed:
    case process_status::closed: break;
  }
  return instance_list::none;
}

class process_state;

class process_decided final : public decided {
 public:
  process_decided(process_decision made, decided_extras extras) : made_(std::move(made)), extras_(std::move(extras)) {}

  [[nodiscard]] std::size_t size() const noexcept override { return made_.events.size(); }
  [[nodiscard]] std::size_t event_index(std::size_t i) const noexcept override { return made_.events[i].index(); }
  [[nodiscard]] result<void> encode(std::size_t i, std::string& out) const override {
    return std::visit([&](auto const& event) { return json::append(out, event); }, made_.events[i]);
  }
  void evolve(std::size_t i, aggregate_state& state) const override;
  [[nodiscard]] std::vector<timer_change> const& timers() const noexcept override { return made_.timers; }
  [[nodiscard]] decided_extras const* extras() const noexcept override { return &extras_; }

 private:
  process_decision made_;
  decided_extras extras_;
};

class process_state final : public aggregate_state {
 public:
  explicit process_state(process_definition const& definition) : definition_(&definition) {}

  void evolve_by(process_event const& event) { detail::evolve(instance_, event); }

  [[nodiscard]] std::unique_ptr<aggregate_state> clone() const override { return std::make_unique<process_state>(*this); }

  [[nodiscard]] decide_outcome decide(boxed_command const& command, context const& given) const override {
    auto const& delivery = *static_cast<process_delivery const*>(command.object.get());
    std::optional<result<std::variant<process_decision, rejection>>> made;
    try {
      made = decide_process(*definition_, instance_, given.exists(), delivery.message, given);
    } catch (std::exception const& thrown) {
      return rejection::conflict(std::string(process_blocked_code), std::string("react() threw: ") + thrown.what());
    } catch (...) {
      return rejection::conflict(std::string(process_blocked_code), "react() threw something that is no std::exception");
    }
    if (!*made) return rejection::conflict(std::string(process_blocked_code), made->error().message);
    if (auto* const refused = std::get_if<rejection>(&**made)) return std::move(*refused);
    auto& decision = std::get<process_decision>(**made);
    if (delivery.answer) *delivery.answer = {due_steps(decision.after), decision.after.correlation_id};
    decided_extras extras{std::move(decision.forget), {}};
    if (!decision.events.empty() && (!given.exists() || decision.after.status != instance_.status))
      extras.rows = status_rows(given.exists() ? std::optional(instance_.status) : std::nullopt, decision.after.status, given.id().str());
    return std::make_unique<process_decided>(std::move(decision), std::move(extras));
  }

  [[nodiscard]] result<void> apply(std::string_view event, std::uint32_t schema_version, std::string_view data) override {
    for (std::size_t i = 0; i < process_event_names.size(); ++i) {
      if (process_event_names[i] != event) continue;
      if (schema_version != 1) return fail(other_schema(event, schema_version, 1));
      result<void> done;
      boost::mp11::mp_with_index<process_event_names.size()>(i, [&](auto index) {
        using type = std::variant_alternative_t<index, process_event>;
        auto decoded = json::decode<type>(data);
        if (decoded)
          evolve_by(std::move(*decoded));
        else
          done = fail(unreadable("event", event, std::move(decoded.error())));
      });
      return done;
    }
    return fail(unknown_event(definition_->name().str(), event));
  }

  [[nodiscard]] result<void> encode(std::string& out) const override { return json::append(out, instance_); }

  [[nodiscard]] result<void> restore(std::string_view json) override {
    auto decoded = json::decode<process_instance>(json);
    if (!decoded) return fail(unreadable("state of", definition_->name().str(), std::move(decoded.error())));
    instance_ = std::move(*decoded);
    return {};
  }

 private:
  [[nodiscard]] std::vector<kept_row> status_rows(std::optional<process_status> before, process_status after, std::string const& id) const {
    std::vector<kept_row> rows;
    auto const& name = definition_->name().str();
    auto const was = before ? place_of(*before) : instance_list::none;
    auto const is = place_of(after);
    if (was != instance_list::none && was != is) rows.push_back({instance_row_key(was, name, id), std::nullopt});
    if (is != instance_list::none && was != is) rows.push_back({instance_row_key(is, name, id), ""});
    return rows;
  }

  process_definition const* definition_;
  process_instance instance_;
};

void process_decided::evolve(std::size_t i, aggregate_state& state) const {
  static_cast<process_state&>(state).evolve_by(made_.events[i]);
}

class process_aggregate final : public aggregate_definition {
 public:
  explicit process_aggregate(std::shared_ptr<process_definition const> of) : process_(std::move(of)) {
    type_ = process_->name();
    state_schema_ = json::schema<process_instance>();
    state_shape_ = json::shape_hash(state_schema_ + process_->state_schema());
    state_tag_ = process_->state_tag();
    settings_.snapshot_interval_events = 50;
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<process_event_names.size()>>([&](auto index) {
      using type = std::variant_alternative_t<index, process_event>;
      events_.push_back({event_type::trusted(std::string(process_event_names[index])), 1, json::schema<type>()});
    });
    add_command(process_retry_command, json::schema<retry_fields>(), {"undo_retried"}, false);
    add_command(process_close_command, json::schema<close_fields>(), {"closed"}, false);
    add_command(process_timer_command, json::schema<timer_fields>(), {"timer_fired", "reacted"}, true);
    add_command("deliver", "{}", {}, true);
  }

  [[nodiscard]] std::unique_ptr<aggregate_state> create() const override { return std::make_unique<process_state>(*process_); }

  [[nodiscard]] result<boxed_command> decode_command(std::size_t index, std::string_view json) const override {
    switch (index) {
      case retry_index: return decode_as<retry_fields>(index, json, [](retry_fields const&) { return process_retry{}; });
      case close_index:
        return decode_as<close_fields>(index, json, [](close_fields& fields) { return process_close{std::move(fields.reason)}; });
      case timer_index:
        return decode_as<timer_fields>(index, json, [](timer_fields& fields) { return process_timer_fired{std::move(fields.name)}; });
      default: return fail(errc::unknown_command, "this command has no form in JSON");
    }
  }

  [[nodiscard]] result<void> encode_command(boxed_command const& command, std::string& out) const override {
    auto const& message = static_cast<process_delivery const*>(command.object.get())->message;
    if (auto const* const close = std::get_if<process_close>(&message)) return json::append(out, close_fields{close->reason});
    if (auto const* const timer = std::get_if<process_timer_fired>(&message)) return json::append(out, timer_fields{timer->name});
    out += "{}";
    return {};
  }

 private:
  void add_command(std::string_view name, std::string schema, std::vector<std::string> events, bool internal) {
    commands_.push_back({command_name::trusted(std::string(name)), std::move(schema), std::move(events), internal});
  }

  template <class Fields, class Make>
  static result<boxed_command> decode_as(std::size_t index, std::string_view json, Make make) {
    auto fields = json::decode<Fields>(json);
    if (!fields) return fail(std::move(fields.error()));
    return box(index, {make(*fields), {}});
  }

  std::shared_ptr<process_definition const> process_;
};

}  // namespace

std::shared_ptr<aggregate_definition const> make_process_aggregate(std::shared_ptr<process_definition const> of) {
  return std::make_shared<process_aggregate const>(std::move(of));
}

boxed_command box_delivery(process_delivery delivery) {
  return box(delivery_index, std::move(delivery));
}

std::string instance_row_key(instance_list list, std::string_view process, std::string_view instance) {
  return std::string(1, static_cast<char>(list)).append("/").append(process).append(1, '\0').append(instance);
}

}  // namespace evoke::detail
