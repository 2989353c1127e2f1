#include <evoke/detail/projection_steps.hpp>
#include <evoke/registry.hpp>

#include "model/event_views.hpp"
#include "model/test_difference.hpp"
#include "model/test_documents.hpp"
#include "model/test_events.hpp"

#include <algorithm>

namespace evoke::testing::detail {

projection_steps::projection_steps(std::shared_ptr<projection_definition const> definition) : definition_(std::move(definition)) {
  registry names;
  if (auto const added = names.add(definition_); !added) throw mismatch(added.error().message);
}

void projection_steps::happen(std::string_view aggregate_type, std::string_view id, std::string_view event, std::uint32_t schema_version,
                              result<std::string> const& json, event_recoder recode) {
  auto const what = "event " + quoted(event);
  auto stream_id = aggregate_id::parse(id);
  if (!stream_id) throw mismatch(stream_id.error().message);
  if (!json) throw mismatch(what + " cannot be stored: " + json.error().message);
  auto const again = recode(*json);
  if (!again) throw mismatch(what + " does not survive its codec: " + again.error().message);
  if (*again != *json)
    throw mismatch(what + " does not survive its codec\nexpected:\n  " + *json + "\nactual:\n  " + *again + "\nfirst difference:\n  " +
                   first_difference(*json, *again));

  auto const number = ++versions_[std::string(aggregate_type).append("/").append(id)];
  ++position_;
  if (!is_followed(aggregate_type, event)) return;
  recorded_event made{.id = numbered_id(position_),
                      .type = event_type::trusted(std::string(event)),
                      .schema_version = schema_version,
                      .stream_type = evoke::aggregate_type::trusted(std::string(aggregate_type)),
                      .stream_id = std::move(*stream_id),
                      .version = version{number},
                      .position = position{position_},
                      .time = now,
                      .data = *json,
                      .meta = meta};
  auto changed = documents_;  // what throws on the way, be it a mismatch, leaves all as it was
  test_documents documents{*definition_, changed, test_documents::between_events::stored};
  project(made, documents);
  documents_ = std::move(changed);
  followed_.push_back(std::move(made));
}

std::string const* projection_steps::find(std::string_view key) const {
  check_repetition();
  auto const found = documents_.find(key);
  return found == documents_.end() ? nullptr : &found->second;
}

std::vector<std::string> projection_steps::keys() const {
  check_repetition();
  std::vector<std::string> keys;
  for (auto const& [key, text] : documents_) keys.push_back(key);
  return keys;
}

void projection_steps::expect(std::string_view key, result<std::string> const& json) const {
  auto const what = "document " + quoted(key);
  if (!json) throw mismatch("the expected " + what + " cannot be encoded: " + json.error().message);
  auto const* text = find(key);
  if (text == nullptr) throw mismatch(what + " is not there\nexpected:\n  " + *json);
  if (*text != *json)
    throw mismatch(what + " is not as expected\nexpected:\n  " + *json + "\nactual:\n  " + *text + "\nfirst difference:\n  " +
                   first_difference(*json, *text));
}

void projection_steps::expect_absent(std::string_view key) const {
  if (auto const* text = find(key); text != nullptr) throw mismatch("document " + quoted(key) + " is there\nactual:\n  " + *text);
}

bool projection_steps::is_followed(std::string_view aggregate_type, std::string_view event) const {
  return std::ranges::any_of(definition_->sources(), [&](auto const& source) {
    return source.type.str() == aggregate_type && std::ranges::any_of(source.events, [&](auto const& each) { return each.str() == event; });
  });
}

void projection_steps::project(recorded_event const& event, test_documents& documents) const {
  auto const seen = evoke::detail::view_of(event);
  if (auto const done = definition_->project(seen, documents); !done)
    throw mismatch("event " + quoted(seen.type) + " cannot be projected: " + done.error().message);
  documents.commit();
}

void projection_steps::check_repetition() const {
  texts repeated;
  test_documents documents{*definition_, repeated, test_documents::between_events::kept};
  for (auto const& each : followed_) project(each, documents);
  documents.finish();
  if (repeated == documents_) return;
  std::string text =
      "projecting the same events again leads to other documents: project() uses what the events do not say, or what is not "
      "in the documents' JSON";
  auto const list = [&](std::string_view title, texts const& all) {
    text.append("\n").append(title);
    for (auto const& [key, json] : all) text.append("\n  ").append(key).append(" ").append(json);
  };
  list("at first:", documents_);
  list("again:", repeated);
  throw mismatch(text);
}

}  // namespace evoke::testing::detail
