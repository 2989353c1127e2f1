#pragma once

#include <evoke/http/message.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::http {

/// A request as it was parsed. A session has two, the one being answered and the one being read, and uses them again and again: all
/// text lies in one string per request, so that a request costs no allocation once that string has grown.
class incoming final : public request {
 public:
  /// -- reading, as an http::request
  [[nodiscard]] http::method method() const noexcept override { return method_; }
  [[nodiscard]] std::string_view path() const noexcept override { return view(path_); }
  [[nodiscard]] std::string_view param(std::string_view name) const noexcept override;
  [[nodiscard]] bool has_query(std::string_view name) const noexcept override { return find_query(name).has_value(); }
  [[nodiscard]] std::string_view query(std::string_view name) const noexcept override { return find_query(name).value_or(""); }
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept override { return find_header(name).value_or(""); }
  [[nodiscard]] std::string_view body() const noexcept override { return body_; }

  [[nodiscard]] std::optional<std::string_view> find_header(std::string_view name) const noexcept;
  /// How many lines bear this name.
  [[nodiscard]] std::size_t header_count(std::string_view name) const noexcept;
  [[nodiscard]] std::optional<std::string_view> find_query(std::string_view name) const noexcept;
  /// All values of a repeated parameter, in order.
  [[nodiscard]] std::vector<std::string_view> query_values(std::string_view name) const;
  [[nodiscard]] std::size_t query_count(std::string_view name) const noexcept;
  /// The first parameter that `known` does not name; a view without data when there is none.
  [[nodiscard]] std::string_view unknown_query(std::initializer_list<std::string_view> known) const noexcept;
  template <class Visit>
  void for_each_query(Visit visit) const {
    for (auto const& each : parameters_) visit(view(each.name), view(each.value));
  }
  [[nodiscard]] std::string_view target() const noexcept { return view(target_); }
  /// As sent, without the question mark.
  [[nodiscard]] std::string_view raw_query() const noexcept { return view(query_); }
  [[nodiscard]] bool http_1_0() const noexcept { return http_1_0_; }
  /// The path's segments, decoded. "/" has none; "/a/" has two, the second empty.
  [[nodiscard]] std::size_t segment_count() const noexcept { return segments_.size(); }
  [[nodiscard]] std::string_view segment(std::size_t i) const noexcept { return view(segments_[i]); }

  /// -- filling, by request_reader and router, in this order
  /// @param head_bytes size of the head, a bound of what will be stored
  void begin(std::size_t head_bytes);
  void set_line(http::method method, std::string_view target, bool http_1_0);
  void add_header(std::string_view name, std::string_view value);
  /// Splits and decodes the target. @returns an empty text, or what is wrong with it.
  [[nodiscard]] std::string_view split_target();
  /// @param without so many bytes at the segment's end are no part of the value
  void add_param(std::string_view name, std::size_t segment, std::size_t without = 0) {
    params_.push_back({name, {segments_[segment].at, segments_[segment].size - static_cast<std::uint32_t>(without)}});
  }
  [[nodiscard]] std::string& body_buffer() noexcept { return body_; }
  /// Gives back what a large body took: it must not stay for the connection's whole life.
  void release() noexcept;
  /// The body, to be kept: body() is empty afterwards.
  [[nodiscard]] std::string take_body() noexcept { return std::move(body_); }

 private:
  struct span {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };
  struct field {
    span name, value;
  };
  struct capture {
    std::string_view name;  ///< in the route's pattern, which outlives every request
    span value;
  };

  [[nodiscard]] std::string_view view(span where) const noexcept { return std::string_view(text_).substr(where.at, where.size); }
  span store(std::string_view text);
  bool store_decoded(std::string_view encoded, bool in_query, span& out);
  [[nodiscard]] bool split_path();
  [[nodiscard]] bool split_query();

  http::method method_ = method::other;
  bool http_1_0_ = false;
  std::string text_;
  std::string body_;
  span target_, path_, query_;
  std::vector<field> headers_;
  std::vector<span> segments_;
  std::vector<field> parameters_;
  std::vector<capture> params_;
  mutable std::list<std::string> joined_;  ///< values of repeated headers, made when asked for
};

}  // namespace evoke::http
