#include "server/sample_data.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

namespace server {
namespace {

constexpr auto commands = std::to_array<sample_command>({
    {"product", "sample-teapot", "create_product", R"({"name":"Teapot, white","price":1250,"quantity":40})"},
    {"product", "sample-mug", "create_product", R"({"name":"Mug, blue","price":350,"quantity":200})"},
    {"product", "sample-kettle", "create_product", R"({"name":"Kettle, steel","price":4900,"quantity":8})"},
    {"product", "sample-mug", "update_product_price", R"({"new_price":395})"},
    {"product", "sample-kettle", "adjust_product_quantity", R"({"delta":-2,"reason":"broken on arrival"})"},

    {"cart", "sample-cart", "create_cart", R"({"user_account_id":"sample-customer"})"},
    {"cart", "sample-cart", "add_cart_item", R"({"product_id":"sample-teapot","quantity":1,"unit_price":1250,"name":"Teapot, white"})"},
    {"cart", "sample-cart", "add_cart_item", R"({"product_id":"sample-mug","quantity":4,"unit_price":395,"name":"Mug, blue"})"},
    {"cart", "sample-cart-closed", "create_cart", R"({"user_account_id":"sample-customer"})"},
    {"cart", "sample-cart-closed", "add_cart_item", R"({"product_id":"sample-mug","quantity":2,"unit_price":350})"},
    {"cart", "sample-cart-closed", "check_out", "{}"},

    {"circle", "sample-football", "create_circle", R"({"circle_name":"football","capacity":20})"},
    {"circle", "sample-football", "update_circle", R"({"capacity":30})"},
    {"circle", "sample-chess", "create_circle", R"({"circle_name":"chess","capacity":8})"},

    {"user", "sample-user", "register_user",
     R"({"auth0_id":"auth0|sample","github_id":"1000","github_username":"sample","name":"Sample User"})"},
    {"identity_claim", "auth0:auth0|sample", "claim_identity", R"({"user_id":"sample-user","registration_id":"sample-registration"})"},
    {"identity_claim", "auth0:auth0|sample", "confirm_claim", R"({"registration_id":"sample-registration"})"},
    {"identity_claim", "github:1000", "claim_identity", R"({"user_id":"sample-user","registration_id":"sample-registration"})"},
    {"identity_claim", "github:1000", "confirm_claim", R"({"registration_id":"sample-registration"})"},

    {"stock", "sample-teapot", "receive_stock", R"({"quantity":40})"},
    {"stock", "sample-mug", "receive_stock", R"({"quantity":200})"},
    {"stock", "sample-kettle", "receive_stock", R"({"quantity":6})"},
    {"payment", "sample-customer", "set_credit_limit", R"({"amount":50000})"},
    {"payment", "sample-customer-without-credit", "set_credit_limit", R"({"amount":0})"},

    {"order", "sample-order-shipped", "place_order",
     R"({"customer_id":"sample-customer","customer_name":"Sample Customer","items":[{"product_id":"sample-teapot","quantity":2,"price":1250},)"
     R"({"product_id":"sample-mug","quantity":4,"price":350}],"shipping_address":"1 Sample Street","currency":"EUR"})"},
    {"payment", "sample-customer", "authorize_payment", R"({"order_id":"sample-order-shipped","amount":3900})"},
    {"stock", "sample-teapot", "reserve_stock", R"({"reservation_id":"sample-order-shipped:0","quantity":2})"},
    {"stock", "sample-mug", "reserve_stock", R"({"reservation_id":"sample-order-shipped:1","quantity":4})"},
    {"order", "sample-order-shipped", "confirm_order", "{}"},
    {"order", "sample-order-shipped", "ship_order", R"({"carrier":"post","tracking_number":"SAMPLE-1"})"},

    {"order", "sample-order-placed", "place_order",
     R"({"customer_id":"sample-customer","items":[{"product_id":"sample-kettle","quantity":1,"price":4900}],)"
     R"("shipping_address":"1 Sample Street"})"},
    {"order", "sample-order-cancelled", "place_order",
     R"({"customer_id":"sample-customer-without-credit","items":[{"product_id":"sample-mug","quantity":1,"price":395}],)"
     R"("shipping_address":"2 Sample Street"})"},
    {"order", "sample-order-cancelled", "cancel_order", R"({"reason":"changed my mind"})"},
});

/// Whether this store is one of these samples: nothing in it, or their first event.
evoke::result<bool> is_for_samples(evoke::runtime& store) {
  if (store.info().head == evoke::position{}) return true;
  evoke::log_request first;
  first.limit = 1;
  auto const page = store.read_log(std::move(first)).get();
  if (!page) return std::unexpected(page.error());
  return !page->events.empty() && page->events[0].stream_type.str() == commands[0].type &&
         page->events[0].stream_id.str() == commands[0].id;
}

}  // namespace

std::span<sample_command const> sample_commands() noexcept {
  return commands;
}

evoke::result<std::size_t> add_sample_data(evoke::runtime& to) {
  auto const wanted = is_for_samples(to);
  if (!wanted) return std::unexpected(wanted.error());
  if (!*wanted) return 0;
  std::map<std::pair<std::string, std::string>, std::uint64_t> versions;
  std::size_t carried_out = 0;
  for (auto const& each : commands) {
    auto& version = versions[{each.type, each.id}];
    evoke::command_request request{each.type, each.id, each.command, each.body, {}};
    request.options.idempotency_key = "sample-data-" + std::to_string(version);
    request.options.expected =
        version == 0 ? evoke::expected_version::no_stream() : evoke::expected_version::exactly(evoke::version(version));
    ++version;
    auto const end = to.execute(std::move(request)).get();
    if (end.failed() && end.error().code != evoke::errc::version_mismatch) return std::unexpected(end.error());
    if (end.rejected()) return evoke::fail(evoke::errc::invalid_argument, std::string(each.command) + ": " + end.why().message);
    if (end.accepted() && !end.replayed()) ++carried_out;
  }
  return carried_out;
}

}  // namespace server
