#include "journal_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <sstream>

namespace evoke::persistence::test {

temporary_directory::temporary_directory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "evoke-journal-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string line_of(event_view const& event) {
  std::ostringstream out;
  out << event.position.value() << ' ' << event.stream_type << '/' << event.stream_id << '@' << event.version.value() << ' ' << event.type
      << 'v' << event.schema_version << ' ' << event.time.time_since_epoch().count() << ' ' << event.id.str() << ' '
      << event.command_id.str() << " data=" << event.data << " corr=" << event.correlation_id << " cause=" << event.causation_id
      << " user=" << event.user << " tp=" << event.traceparent << " ts=" << event.tracestate << " extra=" << event.extra;
  return out.str();
}

append& teller::next(std::string const& type, std::string const& id, std::size_t events) {
  auto made = std::make_unique<append>();
  auto const name = std::make_pair(type, id);
  auto known = std::find_if(versions_.begin(), versions_.end(), [&](auto const& each) { return each.first == name; });
  if (known == versions_.end()) known = versions_.insert(known, {name, 0});
  made->type = need(owner_->intern(name_kind::aggregate_type, type));
  made->id = aggregate_id::trusted(id);
  made->first_version = version{known->second + 1};
  made->time = time_;
  uuid::bytes_type command{};
  for (std::size_t i = 0; i < 8; ++i) command[15 - i] = static_cast<std::uint8_t>(++serial_ >> (8 * i));
  made->command_id = uuid{command};
  for (std::size_t i = 0; i < events; ++i) {
    event_draft draft;
    draft.type = need(owner_->intern(name_kind::event_type, type + "_changed"));
    draft.schema_version = 1;
    draft.data = R"({"n":)" + std::to_string(known->second + i + 1) + "}";
    made->events.push_back(std::move(draft));
  }
  known->second += events;
  open_.push_back(std::move(made));
  return *open_.back();
}

result<void> teller::commit(timestamp now) {
  std::vector<append*> group;
  for (auto const& each : open_) group.push_back(each.get());
  auto done = owner_->commit(group, now);
  if (done)
    for (auto const* each : group) remember(*each, now);
  open_.clear();
  return done;
}

void teller::remember(append const& one, timestamp commit_time) {
  for (std::size_t i = 0; i < one.events.size(); ++i) {
    auto const& draft = one.events[i];
    event_view view;
    view.position = position{lines_.size() + 1};
    CHECK(one.first_position.plus(i) == view.position);
    view.id = draft.client_id ? *draft.client_id : made_event_id(owner_->store_id(), one.time, view.position);
    view.type = draft.type;
    view.schema_version = draft.schema_version;
    view.stream_type = one.type;
    view.stream_id = one.id.str();
    view.version = one.first_version.plus(i);
    view.time = one.time;
    view.data = draft.data;
    view.correlation_id = one.meta.correlation_id;
    view.causation_id = one.meta.causation_id;
    view.command_id = one.command_id;
    view.user = one.meta.user;
    view.traceparent = one.meta.traceparent;
    view.tracestate = one.meta.tracestate;
    view.extra = draft.extra.empty() ? one.meta.extra : draft.extra;
    lines_.push_back(line_of(view));
    events_.push_back({lines_.back(), std::string(owner_->name_of(name_kind::aggregate_type, one.type)), one.id.str(),
                       std::string(owner_->name_of(name_kind::event_type, draft.type)),
                       one.meta.correlation_id.empty() ? one.command_id.str() : one.meta.correlation_id, view.version, one.time,
                       commit_time, view.id});
  }
}

std::vector<std::string> read_stream(journal const& store, stream_ref stream, version from) {
  std::vector<std::string> out;
  need(store.scan_stream(stream, from, [&](event_view const& event) {
    out.push_back(line_of(event));
    return true;
  }));
  return out;
}

std::vector<std::string> read_log(journal const& store, resolved_filter const& filter, position after) {
  std::vector<std::string> out;
  auto const end = need(store.scan_log(after, UINT64_MAX, filter, [&](event_view const& event) {
    out.push_back(line_of(event));
    return true;
  }));
  CHECK(end.at_end);
  CHECK(end.examined == std::max(after, store.head()));
  return out;
}

std::uint64_t test_seed() {
  if (auto const* given = std::getenv("EVOKE_SEED"); given != nullptr) return std::strtoull(given, nullptr, 10);
  return (std::uint64_t{std::random_device{}()} << 32U) | std::random_device{}();
}

}  // namespace evoke::persistence::test
