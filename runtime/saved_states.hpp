#pragma once

#include <evoke/ids.hpp>
#include <evoke/result.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

/// The hashes of aggregates' states in a file, in the order of types and ids, so that two programs' states are compared without having
/// either in memory:
///
///     file := "evoke states 1\n" { "type " name " " schema(16 hex digits) "\n" { id "\t" version "\t" hash(16 hex digits) "\n" } } "end\n"
namespace evoke::detail {

struct saved_state {
  std::string id;
  evoke::version version{};
  std::uint64_t hash = 0;
};

class state_writer {
 public:
  /// Replaces the file. @returns io_error.
  [[nodiscard]] static result<state_writer> open(std::filesystem::path const& path);
  void type(std::string_view name, std::uint64_t schema);
  void add(saved_state const& state);
  /// What was written is whole only after this. @returns io_error.
  [[nodiscard]] result<void> finish();

 private:
  std::filesystem::path path_;
  std::ofstream out_;
};

/// Reads such a file from one end to the other.
class state_reader {
 public:
  /// @returns invalid_argument for a file that is none, io_error.
  [[nodiscard]] static result<state_reader> open(std::filesystem::path const& path);

  /// Goes on to the type of that name, past those before it. @returns its schema's hash; nullopt when it is not there.
  result<std::optional<std::uint64_t>> seek(std::string_view type);
  /// The state that is next within the type; nullptr at its end. Valid until take().
  [[nodiscard]] saved_state const* peek() const noexcept { return next_ ? &*next_ : nullptr; }
  result<void> take();

 private:
  result<void> read_line();

  std::filesystem::path path_;
  std::ifstream in_;
  std::string line_;
  std::optional<saved_state> next_;
  bool at_type_ = false;  ///< line_ begins a type
  bool at_end_ = false;
};

}  // namespace evoke::detail
