#pragma once

#include "journal_world.hpp"

#include <optional>

/// What must hold in any store that opens, and how to spoil one.
namespace evoke::persistence::test {

/// Reads everything there is in every way there is: the log, each stream against the log, made ids, listing, heads.
/// @returns the first thing that does not hold or does not read; nothing when all does.
[[nodiscard]] std::optional<std::string> find_fault(journal const& store);

/// The files of a store with this extension, e.g. ".log", ordered by name.
[[nodiscard]] std::vector<std::filesystem::path> files_of(std::filesystem::path const& store, std::string const& extension);

[[nodiscard]] std::string read_file(std::filesystem::path const& path);
void write_file(std::filesystem::path const& path, std::string const& bytes);
void flip_bit(std::filesystem::path const& path, std::uint64_t bit);

/// Copies a whole store, as a crash would leave it: what is open stays open.
void copy_store(std::filesystem::path const& from, std::filesystem::path const& to);

}  // namespace evoke::persistence::test
