#pragma once

#include <evoke/json/codec.hpp>
#include <evoke/json/containers.hpp>
#include <evoke/json/described.hpp>
#include <evoke/json/document.hpp>
#include <evoke/json/identifiers.hpp>
#include <evoke/json/schema.hpp>
#include <evoke/json/writer.hpp>
#include <evoke/result.hpp>

#include <memory>
#include <string>
#include <string_view>

/// JSON both ways, from a Boost.Describe description alone. All functions may be called from any thread.
namespace evoke::json {

/// A document whose memory is reused from call to call on this thread. Borrowed twice at once (a codec that decodes text inside text), the
/// second has memory of its own.
class borrowed_document {
 public:
  borrowed_document();
  ~borrowed_document();
  borrowed_document(borrowed_document const&) = delete;
  borrowed_document& operator=(borrowed_document const&) = delete;

  document& operator*() noexcept { return *document_; }
  document* operator->() noexcept { return document_; }

 private:
  document* document_;
  std::unique_ptr<document> own_;
};

/// @returns malformed with one entry in `errors` for every field that is missing, unknown, of the wrong type or out of range.
template <class T>
[[nodiscard]] result<T> decode(value from) {
  static_assert(std::is_default_constructible_v<T>,
                "evoke: this type cannot be decoded without a default constructor. Remedy: give its members default values.");
  result<T> made{std::in_place};
  field_errors errors;
  codec<T>::read(from, *made, errors);
  if (!errors.empty()) made = fail(std::move(errors).to_failure());
  return made;
}

/// @returns malformed, also when `text` is not JSON.
template <class T>
[[nodiscard]] result<T> decode(std::string_view text) {
  borrowed_document scratch;
  auto root = scratch->parse(text);
  if (!root) return fail(std::move(root.error()));
  return decode<T>(*root);
}

/// The failure for a writer's refusal.
[[nodiscard]] failure to_failure(field_error refusal);

/// Appends minified JSON: fields in the order of the description, empty optionals left out, map keys in byte order.
/// @returns malformed with the field's pointer (text that is not UTF-8, a number that is not finite, an enumerator without a name);
/// `out` is as before then.
template <class T>
[[nodiscard]] result<void> append(std::string& out, T const& from) {
  auto const before = out.size();
  writer text{out};
  if (codec<T>::write(from, text)) return {};
  out.resize(before);
  return fail(to_failure(text.refusal()));
}

template <class T>
[[nodiscard]] result<std::string> encode(T const& from) {
  result<std::string> made{std::in_place};
  made->reserve(128);  // most commands and events fit: one allocation instead of four
  if (auto written = append(*made, from); !written) made = std::unexpected(std::move(written.error()));
  return made;
}

/// JSON Schema (2020-12) of T, as text.
template <class T>
[[nodiscard]] std::string schema() {
  return schema_builder::text_of([](schema_builder& out) { codec<T>::describe(out); });
}

/// `text` without white space between its tokens; numbers and strings byte for byte. @returns malformed when document::parse does.
[[nodiscard]] result<std::string> minify(std::string_view text, std::size_t max_depth = default_max_depth);

}  // namespace evoke::json
