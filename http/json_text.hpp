#pragma once

#include <evoke/ids.hpp>
#include <evoke/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// Answers are written as text, straight into the buffer they are sent from: there is no JSON tree on the way out.
namespace evoke::http {

/// Appends a JSON string with its quotes. What is not UTF-8 is replaced by U+FFFD, so that the result always is.
void append_string(std::string& out, std::string_view text);

void append_number(std::string& out, std::uint64_t value);

/// `"name":` behind a comma, when something stands before it.
void append_name(std::string& out, std::string_view name);

/// `"name":"text"`, likewise.
void append_member(std::string& out, std::string_view name, std::string_view text);
void append_member(std::string& out, std::string_view name, std::uint64_t value);

/// `"name":<json>`; `json` is spliced as it is.
void append_json_member(std::string& out, std::string_view name, std::string_view json);

/// The 36 characters of a UUID, without quotes.
void append_uuid(std::string& out, uuid const& id);

}  // namespace evoke::http
