#pragma once

#include <evoke/result.hpp>

#include <filesystem>

namespace evoke::persistence {

/// Copies a store that nobody has open into a new directory. Table files, which never change, are linked where the file system can; all
/// else is copied, so that whatever opens the copy leaves the original as it is. Read models stay behind: they can be made anew.
/// @returns store_in_use; invalid_argument where there is no store, or `to` is there already; io_error.
[[nodiscard]] result<void> copy_store(std::filesystem::path const& from, std::filesystem::path const& to);

}  // namespace evoke::persistence
