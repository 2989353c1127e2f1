#include "profile_file.hpp"

namespace users {
namespace {

std::string in_small_letters(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

evoke::result<std::unique_ptr<profile_source>> profile_file::parse(std::string_view json) {
  evoke::json::document document;
  auto const root = document.parse(json);
  if (!root) return std::unexpected(root.error());
  if (!root->is_array()) return evoke::fail(evoke::errc::malformed, "a file of profiles is an array");
  auto made = std::make_unique<profile_file>();
  for (auto const each : root->elements()) {
    auto read = read_profile(each);
    if (!read) return evoke::fail(evoke::errc::malformed, each.pointer() + ": " + read.error().message);
    auto login = in_small_letters(read->login);
    if (!made->by_login_.try_emplace(std::move(login), std::move(*read)).second) {
      return evoke::fail(evoke::errc::malformed, each.pointer() + ": there are two of this login");
    }
  }
  return made;
}

void profile_file::look_up(std::string login, evoke::callback<profile_result> done) {
  auto const found = by_login_.find(in_small_letters(std::move(login)));
  if (found == by_login_.end()) return done(std::unexpected(profile_refusal{profile_fault::not_found, "nobody is called so"}));
  done(found->second);
}

}  // namespace users
