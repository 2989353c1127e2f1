#pragma once

#include <evoke/detail/test_steps.hpp>
#include <evoke/event.hpp>
#include <evoke/projection_definition.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::testing::detail {

/// The part of a projection's test that does not depend on the user's types. Works on the same interface as the runtime does.
class projection_steps {
 public:
  /// Decodes an event and encodes it again.
  using event_recoder = result<std::string> (*)(std::string_view json);

  explicit projection_steps(std::shared_ptr<projection_definition const> definition);

  timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  metadata meta{};

  /// Numbers the event and projects it, unless the projection does not follow it. What project() throws passes through; then the event is
  /// as if it had been put aside.
  void happen(std::string_view aggregate_type, std::string_view id, std::string_view event, std::uint32_t schema_version,
              result<std::string> const& json, event_recoder recode);

  /// The document as JSON, nullptr when there is none. Valid until the next event. Throws mismatch when projecting all anew leads
  /// elsewhere.
  [[nodiscard]] std::string const* find(std::string_view key) const;
  /// Of all documents, in order.
  [[nodiscard]] std::vector<std::string> keys() const;

  void expect(std::string_view key, result<std::string> const& json) const;
  void expect_absent(std::string_view key) const;

 private:
  using texts = std::map<std::string, std::string, std::less<>>;

  [[nodiscard]] bool is_followed(std::string_view aggregate_type, std::string_view event) const;
  void project(recorded_event const& event, class test_documents& documents) const;
  void check_repetition() const;

  std::shared_ptr<projection_definition const> definition_;
  std::vector<recorded_event> followed_;
  std::map<std::string, std::uint64_t, std::less<>> versions_;  // by aggregate type, '/', id
  std::uint64_t position_ = 0;
  texts documents_;
};

}  // namespace evoke::testing::detail
