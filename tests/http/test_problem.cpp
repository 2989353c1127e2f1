#include "http/problem.hpp"

#include <evoke/http/server.hpp>

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

using namespace evoke;
using namespace evoke::http;

namespace {

nlohmann::json rendered(failure const& why) {
  reply out;
  render_failure(out, why);
  CHECK(out.content_type == "application/problem+json");
  auto document = nlohmann::json::parse(out.body);
  CHECK(document["status"] == out.status);
  return document;
}

}  // namespace

TEST_CASE("every error has the status of the contract") {
  struct {
    errc code;
    int status;
  } const cases[] = {
      {errc::invalid_argument, 400},   {errc::malformed, 400},          {errc::unknown_type, 404},       {errc::unknown_command, 404},
      {errc::not_found, 404},          {errc::already_exists, 409},     {errc::version_mismatch, 412},   {errc::precondition_required, 428},
      {errc::key_reused, 422},         {errc::key_in_flight, 409},      {errc::not_allowed, 403},        {errc::limit_exceeded, 422},
      {errc::history_too_long, 422},   {errc::overloaded, 503},         {errc::recovering, 503},         {errc::draining, 503},
      {errc::user_code_failed, 500},   {errc::outcome_unknown, 504},    {errc::journal_failed, 503},     {errc::storage_full, 507},
      {errc::unknown_projection, 404}, {errc::unknown_index, 400},      {errc::lease_expired, 409},      {errc::stale_cursor, 400},
      {errc::cancelled, 503},          {errc::projection_lagging, 503}, {errc::projection_blocked, 503}, {errc::corrupt, 500},
      {errc::incompatible_store, 500}, {errc::store_in_use, 500},       {errc::data_lost, 500},          {errc::io_error, 500},
      {errc::timed_out, 503},
  };
  for (auto const& each : cases) {
    INFO(name_of(each.code));
    CHECK(rendered({each.code, "why", {}, {}, {}})["status"] == each.status);
  }
  CHECK(std::size(cases) == all_failure_problems().size());
}

TEST_CASE("a problem's slug is its error's name") {
  for (std::size_t i = 0; i < all_failure_problems().size(); ++i) {
    std::string name(name_of(static_cast<errc>(i)));
    for (char& c : name)
      if (c == '_') c = '-';
    CHECK(all_failure_problems()[i].slug == name);
  }
}

TEST_CASE("every kind of rejection has the status of the contract") {
  CHECK(status_of(rejection_kind::invalid) == 422);
  CHECK(status_of(rejection_kind::conflict) == 409);
  CHECK(status_of(rejection_kind::not_found) == 404);
  CHECK(status_of(rejection_kind::forbidden) == 403);
}

TEST_CASE("every problem has a page, and its type leads there") {
  std::set<std::string_view> slugs;
  for (auto const kinds : {all_failure_problems(), all_transport_problems()})
    for (auto const& each : kinds) {
      INFO(each.slug);
      CHECK(slugs.insert(each.slug).second);
      CHECK(std::filesystem::exists(std::filesystem::path(EVOKE_PROBLEM_PAGES) / (std::string(each.slug) + ".md")));
      std::string uri;
      append_problem_uri(uri, each.slug);
      CHECK(uri.starts_with("https://"));
      CHECK(uri.ends_with(each.slug));
    }
}

TEST_CASE("a version mismatch says the current version, also when it is 0") {
  CHECK(rendered({errc::version_mismatch, "why", {}, 0, {}})["current_version"] == 0);
  CHECK(rendered({errc::version_mismatch, "why", {}, 41, {}})["current_version"] == 41);
}

TEST_CASE("errors are listed with their JSON pointers") {
  auto const document = rendered({errc::malformed, "why", {{"/a~1b/0", "must be \"a\" number"}, {"", "x"}}, {}, {}});
  CHECK(document["errors"] ==
        nlohmann::json::parse(R"([{"pointer":"/a~1b/0","detail":"must be \"a\" number"},{"pointer":"","detail":"x"}])"));
}

TEST_CASE("what passes by itself says when to try again") {
  reply out;
  render_failure(out, {errc::overloaded, "why", {}, {}, 1500});
  CHECK(out.headers == "Retry-After: 2\r\n");
  CHECK(nlohmann::json::parse(out.body)["retry_after_ms"] == 1500);
}

TEST_CASE("every 503 says when to try again, and no 400 does") {
  for (auto const kinds : {all_failure_problems(), all_transport_problems()})
    for (auto const& each : kinds) {
      INFO(each.slug);
      if (each.status == 503) CHECK(each.retry_after_ms > 0);
      if (each.status == 400) CHECK(each.retry_after_ms == 0);
    }
}

TEST_CASE("a rejection has a type of its own and the domain's details") {
  reply out;
  render_rejection(out, rejection::conflict("cart_checked_out", "This cart is \"done\"", R"({"at":7})"));
  auto const document = nlohmann::json::parse(out.body);
  CHECK(out.status == 409);
  CHECK(document["type"].get<std::string>().ends_with("/rejection#cart_checked_out"));
  CHECK(document["code"] == "cart_checked_out");
  CHECK(document["kind"] == "conflict");
  CHECK(document["detail"] == "This cart is \"done\"");
  CHECK(document["details"]["at"] == 7);
}

TEST_CASE("custom routes render the same problems") {
  auto const failed = problem(failure{errc::recovering, "soon", {}, {}, 100});
  CHECK(failed.status == 503);
  CHECK(failed.content_type == "application/problem+json");
  REQUIRE(failed.headers.size() == 1);
  CHECK(failed.headers[0] == std::pair<std::string, std::string>("Retry-After", "1"));
  CHECK(problem(rejection::forbidden("no", "No")).status == 403);
  auto const own = problem(418, "teapot", "Short and stout", "Tip me over");
  CHECK(nlohmann::json::parse(own.body)["type"].get<std::string>().ends_with("/teapot"));
}
