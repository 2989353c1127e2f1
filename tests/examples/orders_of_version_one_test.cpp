#include "http_client.hpp"
#include "server_process.hpp"

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>

/// The shop's program of then: what it stored is opened by evoke-server, the program of today.
namespace shop_of_then {

struct order_item {
  std::string product_id;
  std::int64_t quantity = 0;
  std::int64_t price = 0;
};
BOOST_DESCRIBE_STRUCT(order_item, (), (product_id, quantity, price))

struct place_order {
  std::string customer_id;
  std::vector<order_item> items;
};
BOOST_DESCRIBE_STRUCT(place_order, (), (customer_id, items))

/// Version 1: neither currency nor shipping method.
struct order_placed {
  std::string customer_id;
  std::optional<std::string> customer_name;
  std::optional<std::string> customer_email;
  std::vector<order_item> items;
  std::int64_t total_amount = 0;
  std::string shipping_address;
};
BOOST_DESCRIBE_STRUCT(order_placed, (), (customer_id, customer_name, customer_email, items, total_amount, shipping_address))

struct order {
  std::int64_t total_amount = 0;
};
BOOST_DESCRIBE_STRUCT(order, (), (total_amount))

evoke::decision<order_placed> decide(order const&, place_order const& wanted, evoke::context const&) {
  order_placed placed{wanted.customer_id, {}, {}, wanted.items, 0, "1 Main Street"};
  for (auto const& each : wanted.items) placed.total_amount += each.price * each.quantity;
  return placed;
}
void evolve(order& state, order_placed const& placed) {
  state.total_amount = placed.total_amount;
}
constexpr auto describe(evoke::type<order>) {
  return evoke::aggregate<order>("order").command<place_order>("place_order").event<order_placed>("order_placed", 1);
}

void place_orders(std::filesystem::path const& data, int count) {
  evoke::registry types;
  REQUIRE(types.add(evoke::define<order>()));
  evoke::runtime_options options;
  options.data = data;
  options.durability = evoke::durability::os;
  auto then = evoke::runtime::start(std::move(types), std::move(options));
  if (!then) FAIL(then.error().message);
  for (int i = 0; i < count; ++i) {
    auto const end = (*then)->of<order>("old-" + std::to_string(i)).execute(place_order{"ann", {{"cup", 2, 700}}}).get();
    REQUIRE(end.accepted());
  }
  (*then)->stop(std::chrono::seconds(10));
}

}  // namespace shop_of_then

namespace {

std::string document(tests::server_process const& server, std::string const& id) {
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (;;) {
    auto const reply = tests::get(server.url(), "/v1/views/order_summaries/" + id);
    if (reply.status == 200) return reply.body;
    if (std::chrono::steady_clock::now() > until) FAIL("no document of " << id << ": " << reply.body);
  }
}

/// The member's text in JSON that holds it once.
std::string member(std::string const& json, std::string const& name) {
  auto const at = json.find('"' + name + "\":");
  REQUIRE(at != std::string::npos);
  auto const from = at + name.size() + 3;
  return json.substr(from, json.find_first_of(",}", from) - from);
}

}  // namespace

TEST_CASE("a store of orders of version 1 opens with version 2, shows both, and its read models are made anew") {
  using Catch::Contains;
  tests::scratch_directory const directory;
  auto const data = directory.path() / "data";
  shop_of_then::place_orders(data, 20);

  tests::server_process server({"--data", data.string(), "--durability", "os"});
  auto const url = server.url();
  auto const wish =
      R"({"customer_id":"ann","items":[{"product_id":"cup","quantity":1,"price":900}],"shipping_address":"2 Main Street","currency":"EUR"})";
  REQUIRE(tests::send(url, "POST", "/v1/aggregates/order/new/commands/place_order", wish).status == 201);

  // As they are today, and as they are stored.
  auto const then = tests::get(url, "/v1/streams/order/old-0").body;
  CHECK_THAT(then, Contains(R"("schema_version":2)") && Contains(R"("currency":"KRW")") && Contains(R"("shipping_method":)"));
  auto const raw = tests::get(url, "/v1/streams/order/old-0?raw=true").body;
  CHECK_THAT(raw, Contains(R"("schema_version":1)") && !Contains("currency"));
  auto const now = tests::get(url, "/v1/streams/order/new?raw=true").body;
  CHECK_THAT(now, Contains(R"("schema_version":2)") && Contains(R"("currency":"EUR")"));
  CHECK_THAT(tests::get(url, "/v1/aggregates/order/old-0").body, Contains(R"("status":"PLACED")") && Contains(R"("total_amount":1400)"));

  // An order of then goes on today.
  REQUIRE(tests::send(url, "POST", "/v1/aggregates/order/old-19/commands/confirm_order", "{}").status == 200);
  for (int i = 0; i < 20; ++i) CHECK_THAT(document(server, "old-" + std::to_string(i)), Contains(R"("totalAmount":1400)"));
  CHECK_THAT(document(server, "new"), Contains(R"("totalAmount":900)"));

  auto const generation = [&] { return std::stoull(member(tests::get(url, "/v1/projections/order_summaries").body, "generation")); };
  auto const before = generation();
  auto const documents = tests::get(url, "/v1/views/order_summaries?limit=100").body;
  REQUIRE(tests::send(url, "POST", "/v1/projections/order_summaries:rebuild", "").status < 300);
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (generation() == before) REQUIRE(std::chrono::steady_clock::now() < until);
  auto const list = [](std::string const& page) { return page.substr(page.find('[')); };
  CHECK(list(tests::get(url, "/v1/views/order_summaries?limit=100").body) == list(documents));

  server.process().send(SIGTERM);
  CHECK(server.process().wait() == 0);
}
