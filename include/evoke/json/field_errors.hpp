#pragma once

#include <evoke/failure.hpp>
#include <evoke/json/document.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace evoke::json {

/// Collects everything in a document that does not fit, so that a client can mend it in one go.
class field_errors {
 public:
  /// More are counted but not listed: a hostile body must not be answered with a larger one.
  static constexpr std::size_t max_listed = 100;
  /// Nor once their pointers and details have reached this many bytes together: one long name may stand in all of them.
  static constexpr std::size_t max_listed_bytes = 64 * 1024;

  void add(value at, std::string detail);
  /// "must be a string, not a number"
  void wrong_kind(value at, std::string_view wanted);
  void missing(value object, std::string_view name);
  void unknown(value object, std::string_view name);

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::vector<field_error> const& listed() const noexcept { return listed_; }

  /// `malformed`, with all that is listed.
  [[nodiscard]] failure to_failure() &&;

 private:
  /// Counts one more. False when it is not to be listed.
  bool count_one() noexcept;
  void list(std::string pointer, std::string detail);

  std::vector<field_error> listed_;
  std::size_t listed_bytes_ = 0;
  std::size_t count_ = 0;
};

}  // namespace evoke::json
