#include "identification_options.hpp"

#include "profile_file.hpp"
#include "sample_files.hpp"

#include <fstream>
#include <sstream>

namespace users {
namespace {

evoke::result<std::string> read_file(std::filesystem::path const& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in && in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  if (!in || text.str().empty()) return evoke::fail(evoke::errc::io_error, "cannot read " + path.string() + ", or it is empty");
  return std::move(text).str();
}

/// The same failure, saying in which file.
template <class T>
evoke::result<T> in_file(std::filesystem::path const& path, evoke::result<T> read) {
  if (!read) return evoke::fail(read.error().code, path.string() + ": " + read.error().message);
  return read;
}

std::string without_line_end(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

evoke::result<signing_keys> open_keys(identification_options const& options) {
  if (!options.secret_file.empty() && !options.jwks_file.empty()) {
    return evoke::fail(evoke::errc::invalid_argument, "tokens are checked with a shared secret or with a key set, not with both");
  }
  if (uses_sample_key(options)) return signing_keys::from_secret(without_line_end(sample_signing_secret));
  auto const& path = options.secret_file.empty() ? options.jwks_file : options.secret_file;
  auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  if (options.secret_file.empty()) return in_file(path, signing_keys::from_jwks(*text));
  return in_file(path, signing_keys::from_secret(without_line_end(std::move(*text))));
}

evoke::result<std::unique_ptr<profile_source>> open_profiles(identification_options& options) {
  bool const from_service = !options.profiles.base_url.empty();
  if (from_service && !options.profiles_file.empty()) {
    return evoke::fail(evoke::errc::invalid_argument, "profiles come from a file or from a service, not from both");
  }
  if (from_service) return profile_service::start(std::move(options.profiles));
  if (options.profiles_file.empty()) return profile_file::parse(sample_profiles);
  auto const text = read_file(options.profiles_file);
  if (!text) return std::unexpected(text.error());
  return in_file(options.profiles_file, profile_file::parse(*text));
}

}  // namespace

bool uses_sample_key(identification_options const& options) {
  return options.secret_file.empty() && options.jwks_file.empty();
}

evoke::result<std::unique_ptr<identification>> open_identification(identification_options options) {
  auto keys = open_keys(options);
  if (!keys) return std::unexpected(keys.error());
  auto profiles = open_profiles(options);
  if (!profiles) return std::unexpected(profiles.error());
  return std::make_unique<identification>(token_verifier(std::move(options.tokens), std::move(*keys)), std::move(*profiles));
}

}  // namespace users
