#pragma once

#include "persistence/journal.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the journal in memory keeps.
namespace evoke::persistence {

/// What the events of one append share.
struct stored_append {
  name_id type = 0;
  std::string id;
  timestamp time{};
  uuid command_id{};
  metadata meta;
};

/// Immutable once its group is committed; never moves.
struct stored_event {
  stored_append const* from = nullptr;
  event_draft draft;
  evoke::version version{};
  evoke::position position{};
};

struct stored_stream {
  std::vector<stored_event const*> events;
  std::map<event_id, version> client_ids;
  std::map<std::string, command_record, std::less<>> commands;
  std::vector<snapshot> snapshots;  ///< oldest first, at most two
};

struct commit_mark {
  timestamp time{};
  position last{};
};

using stream_key = std::pair<name_id, std::string>;
struct stream_order {
  using is_transparent = void;
  static std::pair<name_id, std::string_view> view(stream_key const& key) { return {key.first, key.second}; }
  static std::pair<name_id, std::string_view> view(stream_ref const& key) { return {key.type, key.id}; }
  bool operator()(auto const& left, auto const& right) const { return view(left) < view(right); }
};

}  // namespace evoke::persistence
