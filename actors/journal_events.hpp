#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/event_source.hpp"
#include "persistence/journal.hpp"
#include "persistence/log_feed.hpp"

namespace evoke::actors {

/// What a follower wants of the log, by the names under which it is stored: from the journal, or from the newest groups in memory where
/// these are kept anyway.
class journal_events final : public event_source {
 public:
  /// All must outlive it. @param feed tells of new events; nullptr = nobody does (tests). @param wake called on the journal's writer
  /// thread: must not block.
  journal_events(persistence::journal const& store, persistence::log_feed* feed, std::vector<projection_source> sources,
                 std::function<void()> wake);
  ~journal_events() override;

  result<reach> read(position after, std::uint64_t max_examined, visitor const& visit) override;
  result<void> read_one(position at, visitor const& visit) override;
  [[nodiscard]] position head() const noexcept override { return store_.head(); }
  [[nodiscard]] bool arm(position after) override;

 private:
  struct waiter;

  /// What is followed, by numbers; asked anew while a name has no number yet.
  void resolve();
  [[nodiscard]] bool follows(persistence::event_view const& event) const;
  [[nodiscard]] projected_event present(persistence::event_view const& event) const;

  persistence::journal const& store_;
  persistence::log_feed* feed_;
  std::vector<projection_source> const sources_;
  std::shared_ptr<waiter> waiter_;

  persistence::resolved_filter filter_;
  bool resolved_ = false;
  struct named {
    persistence::name_id type = 0;
    std::string_view name{};
    std::vector<std::pair<persistence::name_id, std::string_view>> events{};
  };
  std::vector<named> followed_;
};

}  // namespace evoke::actors
