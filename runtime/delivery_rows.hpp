#pragma once

#include <evoke/persistent_subscription.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/journal.hpp"
#include "runtime/delivery_window.hpp"

/// How persistent subscriptions lie in the journal (docs/storage_format.md): for each its settings, its progress, and a row for every
/// parked event.
namespace evoke::detail {

/// Everything stored about one.
struct stored_subscription {
  std::string name;
  persistent_subscription_settings settings;
  delivery_window::progress progress;
  std::vector<parked_event> parked;
};

/// All there are. Rows of subscriptions that were removed halfway are left out, and removed.
[[nodiscard]] result<std::vector<stored_subscription>> read_subscriptions(persistence::journal& store);

/// On the disk when it returns.
[[nodiscard]] result<void> write_settings(persistence::journal& store, std::string const& name,
                                          persistent_subscription_settings const& settings, delivery_window::progress const& progress);
/// In the operating system's hands when it returns: what a power cut takes is delivered again.
[[nodiscard]] result<void> write_changes(persistence::journal& store, std::string const& name, delivery_window::changes const& changes,
                                         delivery_window::progress const& progress);
[[nodiscard]] result<void> remove_subscription(persistence::journal& store, std::string const& name);

/// Parked events behind `after`, at most `limit`.
[[nodiscard]] result<parked_page> read_parked(persistence::journal const& store, std::string const& name, position after,
                                              std::size_t limit);

[[nodiscard]] std::string encode_progress(delivery_window::progress const& from);
[[nodiscard]] result<delivery_window::progress> decode_progress(std::string_view bytes);

}  // namespace evoke::detail
