#include "orders/order_fulfilment.hpp"

#include <evoke/testing_process.hpp>

#include <catch2/catch.hpp>

using namespace orders;
using evoke::process_status;
using evoke::rejection;
using evoke::to;

namespace {

std::vector<order_item> const two_items{{"tea", 2, 500}, {"cup", 1, 900}};

fulfilment_started started() {
  return {.order_id = "o-1",
          .customer_id = "c-1",
          .customer_name = {},
          .customer_email = {},
          .items = two_items,
          .total_amount = 1'900,
          .shipping_address = "1 Main Street",
          .currency = "KRW"};
}

auto const create = to<order>("o-1", place_order{"c-1", {}, {}, two_items, "1 Main Street", "KRW"});
auto const withdraw = to<order>("o-1", withdraw_order{"Saga compensation"});
auto const charge = to<payment>("c-1", authorize_payment{"o-1", 1'900});
auto const refund = to<payment>("c-1", refund_payment{"o-1", "p-1"});
auto const reserve_tea = to<stock>("tea", reserve_stock{"o-1:1", 2});
auto const release_tea = to<stock>("tea", release_stock{"o-1:1"});
auto const reserve_cup = to<stock>("cup", reserve_stock{"o-1:2", 1});
auto const release_cup = to<stock>("cup", release_stock{"o-1:2"});

auto begun() {
  return evoke::testing::process_of<order_fulfilment>().when<fulfilment>("o-1", started());
}
auto created() {
  return begun().step_succeeds("create_order", {"order_placed"});
}
auto paid() {
  return created().step_succeeds("process_payment", {"payment_completed"}).when<payment>("c-1", payment_completed{"p-1", "o-1", 1'900});
}
auto reserved() {
  return paid().step_succeeds("reserve_inventory", {"stock_reserved"}).step_succeeds("reserve_inventory", {"stock_reserved"});
}
auto const short_of = rejection::invalid("insufficient_stock", "Not enough in stock: 0 left");

fulfilment_status status_of(evoke::testing::process_scenario<order_fulfilment> const& at) {
  return at.state().status;
}

}  // namespace

TEST_CASE("a fulfilment creates the order, has it paid, reserves item by item, and confirms") {
  begun().then_orders({{"create_order", create}});
  CHECK(status_of(begun()) == fulfilment_status::STARTED);
  created().then_orders({{"process_payment", charge}});
  CHECK(status_of(created()) == fulfilment_status::ORDER_CREATED);
  paid().then_orders({{"reserve_inventory", reserve_tea}});
  CHECK(status_of(paid()) == fulfilment_status::PAYMENT_PROCESSED);
  paid().step_succeeds("reserve_inventory").then_orders({{"reserve_inventory", reserve_cup}});
  reserved().then_orders({{"confirm_order", to<order>("o-1", confirm_order{})}}).then_status(process_status::running);
  CHECK(status_of(reserved()) == fulfilment_status::INVENTORY_RESERVED);
  auto done = reserved().step_succeeds("confirm_order", {"order_confirmed"});
  done.then_orders({}).then_status(process_status::completed);
  CHECK(status_of(done) == fulfilment_status::COMPLETED);
}

TEST_CASE("it makes no difference whether the payment's event or its step's outcome is heard first") {
  created()
      .when<payment>("c-1", payment_completed{"p-1", "o-1", 1'900})
      .then_orders({{"reserve_inventory", reserve_tea}})
      .step_succeeds("process_payment", {"payment_completed"})
      .then_orders({});
}

TEST_CASE("a declined payment withdraws the order") {
  auto declined = created().step_succeeds("process_payment", {"payment_declined"});
  declined.then_orders({}).when<payment>("c-1", payment_declined{"o-1", 1'900, "Credit limit exceeded"});
  // A refund is asked for, too: for the account it is what was declined, and changes nothing.
  declined.then_undoes({{"process_payment", to<payment>("c-1", refund_payment{"o-1", {}})}})
      .undo_succeeds("process_payment")
      .then_undoes({{"create_order", withdraw}})
      .undo_succeeds("create_order")
      .then_status(process_status::failed);
  CHECK(status_of(declined) == fulfilment_status::FAILED);
  CHECK(declined.state().failure_reason == "Payment declined: Credit limit exceeded");
}

TEST_CASE("a payment that somebody else made is not used") {
  created().step_succeeds("process_payment").then_status(process_status::compensating);
}

TEST_CASE("goods that run short undo everything in reverse, the payment by its id") {
  auto failed = paid().step_succeeds("reserve_inventory").step_rejected("reserve_inventory", short_of);
  CHECK(status_of(failed) == fulfilment_status::COMPENSATING);
  failed.then_undoes({{"reserve_inventory", release_tea}})
      .undo_succeeds("reserve_inventory")
      .then_undoes({{"process_payment", refund}})
      .undo_succeeds("process_payment")
      .then_undoes({{"create_order", withdraw}})
      .undo_succeeds("create_order")
      .then_status(process_status::failed);
}

TEST_CASE("a step whose outcome is not known is undone, too") {
  paid().step_times_out("reserve_inventory").then_undoes({{"reserve_inventory", release_tea}});
  reserved().step_times_out("confirm_order").then_undoes({{"reserve_inventory", release_cup}});
  begun().step_times_out("create_order").then_undoes({{"create_order", withdraw}});
}

TEST_CASE("an order that cannot be placed leaves nothing to undo") {
  begun()
      .step_rejected("create_order", rejection::conflict("order_already_placed", "No"))
      .then_undoes({})
      .then_status(process_status::failed);
}

TEST_CASE("what cannot be undone is passed over, listed, and tried again by a person") {
  auto failed = paid().step_rejected("reserve_inventory", short_of).undo_rejected("process_payment", rejection::conflict("closed", "No"));
  failed.then_undoes({{"create_order", withdraw}}).undo_succeeds("create_order").then_status(process_status::compensation_failed);
  CHECK(status_of(failed) == fulfilment_status::COMPENSATION_FAILED);
  failed.retry().then_undoes({{"process_payment", refund}});
  CHECK(status_of(failed) == fulfilment_status::COMPENSATING);
  failed.undo_succeeds("process_payment").then_status(process_status::failed);
  CHECK(status_of(failed) == fulfilment_status::FAILED);
}

TEST_CASE("payments of other orders do not concern a fulfilment") {
  created().when<payment>("c-1", payment_completed{"p-2", "o-2", 5}).then_no_instance("o-2");
}
