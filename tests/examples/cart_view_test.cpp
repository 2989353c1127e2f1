#include "carts/cart_view.hpp"

#include <evoke/registry.hpp>
#include <evoke/testing_projection.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace carts;
using evoke::testing::projected;

auto const nine = *evoke::parse_rfc3339("2026-01-31T09:00:00Z");
auto const ten = *evoke::parse_rfc3339("2026-01-31T10:00:00Z");

auto created() {
  return projected<cart_view>().at(nine).from<cart>("c-1", cart_created{"u-1"}).at(ten);
}

/// A cart of u-1 that was created at nine and changed at ten.
cart_view expected(std::vector<cart_view_item> items, std::int64_t item_count, std::int64_t total, std::uint64_t events,
                   cart_status status = cart_status::open) {
  return {.cartId = "c-1",
          .userAccountId = "u-1",
          .items = std::move(items),
          .itemCount = item_count,
          .total = total,
          .status = status,
          .createdAt = nine,
          .updatedAt = ten,
          .lastSequenceNumber = evoke::version{events}};
}

/// Hands the same events to a projection once more, as they were numbered the first time.
class one_document : public evoke::document_table {
 public:
  explicit one_document(evoke::projection_definition const& of) : definition_(of) {}
  evoke::document const* find(std::string_view) override { return document_.get(); }
  evoke::document& change(std::string_view) override {
    if (!document_) document_ = definition_.create();
    return *document_;
  }
  void erase(std::string_view) override { document_.reset(); }
  [[nodiscard]] std::string text() const {
    std::string out;
    REQUIRE(document_->encode(out));
    return out;
  }

 private:
  evoke::projection_definition const& definition_;
  std::unique_ptr<evoke::document> document_;
};

TEST_CASE("carts: a cart's document has the names that clients know") {
  auto const made =
      *created().from<cart>("c-1", cart_item_added{"teapot", 2, 1250, "Teapot"}, cart_item_added{"mug", 1, 350, {}}).document("c-1");
  CHECK(*evoke::json::encode(made) ==
        R"({"cartId":"c-1","userAccountId":"u-1","items":[)"
        R"({"product":"teapot","name":"Teapot","quantity":2,"unitPrice":1250,"lineTotal":2500},)"
        R"({"product":"mug","quantity":1,"unitPrice":350,"lineTotal":350}],"itemCount":3,"total":2850,"status":"open",)"
        R"("createdAt":"2026-01-31T09:00:00.000000Z","updatedAt":"2026-01-31T10:00:00.000000Z","lastSequenceNumber":3})");
}

TEST_CASE("carts: a new cart is empty, and created when its event says") {
  auto fresh = expected({}, 0, 0, 1);
  fresh.updatedAt = nine;
  created().then("c-1", fresh).then_absent("c-2");
}

TEST_CASE("carts: the same product at another price is another item") {
  created()
      .from<cart>("c-1", cart_item_added{"mug", 1, 350, {}}, cart_item_added{"mug", 2, 300, {}}, cart_item_added{"mug", 3, 350, {}})
      .then("c-1", expected({{"mug", {}, 4, 350, 1400}, {"mug", {}, 2, 300, 600}}, 6, 2000, 4));
}

TEST_CASE("carts: an item's name is the last one that was given") {
  auto here = created();
  here.from<cart>("c-1", cart_item_added{"mug", 1, 350, {}}, cart_item_added{"mug", 1, 350, "Mug"}, cart_item_added{"mug", 1, 350, {}});
  CHECK(here.document("c-1")->items[0].name == "Mug");
  here.from<cart>("c-1", cart_item_added{"mug", 1, 350, "Cup"});
  CHECK(here.document("c-1")->items[0].name == "Cup");
}

TEST_CASE("carts: removing takes from the item, and the last of it takes the item away") {
  auto here = created();
  here.from<cart>("c-1", cart_item_added{"mug", 2, 350, {}}, cart_item_added{"teapot", 1, 1250, {}}, cart_item_removed{"mug", 1, 350});
  here.then("c-1", expected({{"mug", {}, 1, 350, 350}, {"teapot", {}, 1, 1250, 1250}}, 2, 1600, 4));
  here.from<cart>("c-1", cart_item_removed{"mug", 1, 350}).then("c-1", expected({{"teapot", {}, 1, 1250, 1250}}, 1, 1250, 5));
}

TEST_CASE("carts: a cart that is closed says how, and keeps what was in it") {
  auto here = created();
  here.from<cart>("c-1", cart_item_added{"mug", 2, 350, {}});
  auto other = here;
  here.from<cart>("c-1", cart_checked_out{700, 2}).then("c-1", expected({{"mug", {}, 2, 350, 700}}, 2, 700, 3, cart_status::checked_out));
  other.from<cart>("c-1", cart_abandoned{}).then("c-1", expected({{"mug", {}, 2, 350, 700}}, 2, 700, 3, cart_status::abandoned));
}

TEST_CASE("carts: each cart has its own document") {
  auto here = created();
  here.from<cart>("c-2", cart_created{"u-2"}).from<cart>("c-1", cart_item_added{"mug", 1, 1, {}});
  CHECK(here.document("c-2")->userAccountId == "u-2");
  CHECK(here.document("c-2")->items.empty());
  CHECK(here.keys() == std::vector<std::string>{"c-1", "c-2"});
}

TEST_CASE("carts: an event at or below lastSequenceNumber changes nothing") {
  auto const definition = evoke::define_projection<cart_view>();
  one_document documents{*definition};
  auto const project = [&](std::string_view type, std::uint64_t version, std::string_view data, evoke::timestamp time) {
    evoke::projected_event event;
    event.type = type;
    event.stream_type = "cart";
    event.stream_id = "c-1";
    event.version = evoke::version{version};
    event.position = evoke::position{version};
    event.time = time;
    event.data = data;
    REQUIRE(definition->project(event, documents));
  };
  auto const all = [&](evoke::timestamp time) {
    project("cart_created", 1, R"({"user_account_id":"u-1"})", time);
    project("cart_item_added", 2, R"({"product_id":"mug","quantity":2,"unit_price":350})", time);
    project("cart_item_removed", 3, R"({"product_id":"mug","quantity":1,"unit_price":350})", time);
    project("cart_checked_out", 4, R"({"total":350,"item_count":1})", time);
  };
  all(nine);
  auto const once = documents.text();
  all(ten);
  project("cart_abandoned", 3, "{}", ten);
  project("cart_abandoned", 4, "{}", ten);
  CHECK(documents.text() == once);
  project("cart_abandoned", 5, "{}", ten);
  CHECK(documents.text() != once);
}

TEST_CASE("carts: an event that does not fit what was projected is refused, not guessed at") {
  CHECK_THROWS_WITH(projected<cart_view>().from<cart>("c-1", cart_item_added{"mug", 1, 350, {}}), Catch::Contains("no document"));
  CHECK_THROWS_WITH(created().from<cart>("c-1", cart_item_removed{"mug", 1, 350}), Catch::Contains("no line"));
}

TEST_CASE("carts: they are found by account, and by status and total") {
  auto const made = evoke::define_projection<cart_view>();
  REQUIRE(made->indexes().size() == 2);
  CHECK(made->indexes()[0].name == "user");
  CHECK(made->indexes()[0].fields[0].name == "userAccountId");
  CHECK(made->indexes()[1].name == "status_total");
  CHECK(made->indexes()[1].fields[1].order == evoke::field_order::signed_number);
  evoke::registry types;
  REQUIRE(types.add(made));
  REQUIRE(types.add(evoke::define<cart>()));
  CHECK(types.check());
}

}  // namespace
