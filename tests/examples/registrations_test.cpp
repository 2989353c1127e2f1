#include "users/registrar.hpp"
#include "users/user_registration.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <future>
#include <map>

using namespace users;

namespace {

evoke::registry types() {
  evoke::registry all;
  for (auto const& each :
       {evoke::define<identity_claim>(), evoke::define<registration>(), evoke::define<user>(), evoke::define<user_registration_audit>()})
    REQUIRE(all.add(each));
  REQUIRE(all.add(evoke::define_process<user_registration>()));
  return all;
}

std::unique_ptr<evoke::runtime> in_memory() {
  evoke::runtime_options options;
  options.storage = evoke::storage::in_memory;
  options.workers = 2;
  auto started = evoke::runtime::start(types(), options);
  if (!started) FAIL(started.error().message);
  return std::move(*started);
}

std::future<registration_end> apply(registrar const& with, applicant who) {
  auto promise = std::make_shared<std::promise<registration_end>>();
  auto waiting = promise->get_future();
  with(std::move(who), [promise](registration_end end) { promise->set_value(std::move(end)); });
  return waiting;
}

/// Events of the whole log, by name.
std::map<std::string, std::size_t> counted(evoke::runtime& all) {
  std::map<std::string, std::size_t> found;
  evoke::log_request next;
  for (;;) {
    auto page = all.read_log(next).get();
    REQUIRE(page);
    for (auto const& event : page->events) {
      ++found[event.type.str()];
      next.after = event.position;
    }
    if (page->events.empty()) return found;
  }
}

}  // namespace

TEST_CASE("of two simultaneous registrations of one person one becomes a user, and the other is told who") {
  auto const* const given = std::getenv("EVOKE_PAIRS");
  std::size_t const pairs = given != nullptr ? std::strtoull(given, nullptr, 10) : 100;
  auto const all = in_memory();
  auto const with = make_registrar(*all, std::chrono::seconds(60));
  std::vector<std::pair<std::future<registration_end>, std::future<registration_end>>> ends;
  for (std::size_t i = 0; i < pairs; ++i) {
    auto const name = std::to_string(i);
    applicant const who{"a" + name, "g" + name, "user-" + name, {}, {}};
    // Every other pair shares only one of the two identities.
    applicant other = who;
    if (i % 2 == 1) other.auth0_id = "b" + name;
    ends.emplace_back(apply(with, who), apply(with, other));
  }
  for (auto& [first, second] : ends) {
    auto const one = first.get();
    auto const two = second.get();
    auto const* accepted = std::get_if<registration_accepted>(&one);
    auto const* refused = std::get_if<already_registered>(accepted != nullptr ? &two : &one);
    if (accepted == nullptr) accepted = std::get_if<registration_accepted>(&two);
    REQUIRE(accepted != nullptr);
    REQUIRE(refused != nullptr);
    CHECK(refused->duplicate_user_id == accepted->user_id);
  }
  auto const events = counted(*all);
  CHECK(events.at("user_registered") == pairs);
  CHECK(events.at("user_registration_failed") == pairs);
  CHECK(events.at("claim_confirmed") == 2 * pairs);
  // No claim is left over: each that was made was confirmed or released.
  auto const released = events.contains("claim_released") ? events.at("claim_released") : 0;
  CHECK(events.at("identity_claimed") == 2 * pairs + released);
}

TEST_CASE("a registration that breaks a rule is refused, recorded, and leaves its identities free") {
  auto const all = in_memory();
  auto const with = make_registrar(*all, std::chrono::seconds(60));
  auto const refused = apply(with, {"a1", "g1", "  ", {}, {}}).get();
  REQUIRE(std::holds_alternative<evoke::rejection>(refused));
  CHECK(std::get<evoke::rejection>(refused).message == "GitHub username is required");
  auto const again = apply(with, {"a1", "g1", "octocat", {}, {}}).get();
  REQUIRE(std::holds_alternative<registration_accepted>(again));
  auto const events = counted(*all);
  CHECK(events.at("user_registration_failed") == 1);
  CHECK(events.at("user_registered") == 1);
}

TEST_CASE("who does not want to wait is told that it is under way, and it goes on") {
  auto const all = in_memory();
  auto const end = apply(make_registrar(*all, std::chrono::milliseconds(0)), {"a1", "g1", "octocat", {}, {}}).get();
  REQUIRE(std::holds_alternative<registration_accepted>(end));
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!counted(*all).contains("user_registered")) REQUIRE(std::chrono::steady_clock::now() < until);
}
