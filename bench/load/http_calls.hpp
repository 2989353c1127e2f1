#pragma once

#include "bench/load/http_answer.hpp"
#include "bench/load/http_requests.hpp"

#include <evoke/json/document.hpp>
#include <evoke/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::load {

/// Operations as requests: each one of its own, or several commands in one (POST /v1/commands:batch), whose answer tells of each.
class http_calls {
 public:
  /// @param batch operations in each request. The other parameters are those of http_requests.
  http_calls(std::vector<operation> const& operations, std::string_view authority, std::string_view base_path, std::size_t batch);

  /// One operation of the next request.
  void add(std::size_t operation, placeholder_values const& values);
  /// Appends the request. @returns its number, by which its end is told: once, by read() or by forget().
  [[nodiscard]] std::size_t send(std::string& out);

  struct part {
    std::size_t operation = 0;
    http_answer answer;
  };
  /// What an answer says of each operation, in order; an error that is not about each of them is that of all. Empty: it is no answer to
  /// this request. Valid until the next call, and as long as the answer.
  [[nodiscard]] std::span<part const> read(std::size_t call, http_answer const& answer);
  /// There will be no answer. @returns how many operations that concerns.
  std::size_t forget(std::size_t call);

 private:
  void append_text(std::string_view name, text_template const& from, placeholder_values const& values);
  [[nodiscard]] bool tell_apart(http_answer const& answer);

  std::vector<operation> const& operations_;
  http_requests requests_;
  std::string batch_head_;
  std::size_t batch_;
  std::string text_;  ///< of the next request, or of its body
  std::string scratch_;
  std::vector<std::size_t> next_;                ///< what the next request holds
  std::vector<std::vector<std::size_t>> calls_;  ///< what those under way hold, by number
  std::vector<std::size_t> free_;                ///< numbers that are none's
  std::vector<part> parts_;
  json::document document_;
};

/// A batch holds commands only. @returns invalid_argument for operations of another kind.
[[nodiscard]] result<void> can_be_batched(std::vector<operation> const& operations);

}  // namespace evoke::load
