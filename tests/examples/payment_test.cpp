#include "orders/payment.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

#include <limits>

namespace {

using namespace orders;
using evoke::rejection_kind;
using evoke::testing::given;

constexpr auto invalid = rejection_kind::invalid;
constexpr auto conflict = rejection_kind::conflict;
constexpr auto most = std::numeric_limits<std::int64_t>::max();

auto limit_of_100() {
  return given<payment>(credit_limit_set{100});
}
auto charged_60() {
  return given<payment>(credit_limit_set{100}, payment_completed{"pay-1", "o-1", 60});
}

TEST_CASE("payment: a credit limit is set, and set again only to something else") {
  given<payment>().when(set_credit_limit{100}).then(credit_limit_set{100}).when(set_credit_limit{100}).then_nothing();
  given<payment>().when(set_credit_limit{0}).then(credit_limit_set{0});
  limit_of_100().when(set_credit_limit{50}).then(credit_limit_set{50});
  given<payment>().when(set_credit_limit{-1}).then_rejected(invalid, "invalid_credit_limit");
}

TEST_CASE("payment: an order within the limit is charged, under a new payment id") {
  auto const state = limit_of_100().when(authorize_payment{"o-1", 100}).state();
  CHECK(state.charged == 100);
  REQUIRE(state.by_order.at("o-1").payment_id);
  CHECK(evoke::uuid::parse(*state.by_order.at("o-1").payment_id));
  auto const other = limit_of_100().with_seed(77).when(authorize_payment{"o-1", 100}).state();
  CHECK(other.by_order.at("o-1").payment_id != state.by_order.at("o-1").payment_id);
}

TEST_CASE("payment: beyond the limit it is declined") {
  auto const declined = payment_declined{"o-2", 41, "Credit limit exceeded"};
  CHECK(charged_60().when(authorize_payment{"o-2", 41}).then(declined).state().charged == 60);
  CHECK(charged_60().when(authorize_payment{"o-2", 40}).state().charged == 100);
  limit_of_100().when(authorize_payment{"o-1", most}).then(payment_declined{"o-1", most, "Credit limit exceeded"});
}

TEST_CASE("payment: nobody buys on credit before a limit is set, but what costs nothing") {
  given<payment>().when(authorize_payment{"o-1", 1}).then(payment_declined{"o-1", 1, "Credit limit exceeded"});
  CHECK(given<payment>().when(authorize_payment{"o-1", 0}).state().by_order.at("o-1").status == payment_status::completed);
}

TEST_CASE("payment: a limit below what is charged declines everything, and cannot overflow") {
  given<payment>(credit_limit_set{most}, payment_completed{"pay-1", "o-1", most}, credit_limit_set{0})
      .when(authorize_payment{"o-2", most})
      .then(payment_declined{"o-2", most, "Credit limit exceeded"});
}

TEST_CASE("payment: an order is charged once, however often it is asked") {
  charged_60().when(authorize_payment{"o-1", 60}).then_nothing();
  CHECK(charged_60().when(authorize_payment{"o-1", 60}).state().charged == 60);
  charged_60().when(authorize_payment{"o-1", 61}).then_rejected(conflict, "amount_differs");
}

TEST_CASE("payment: an order that was declined stays so, also when the limit is raised") {
  given<payment>(credit_limit_set{10}, payment_declined{"o-1", 60, "Credit limit exceeded"}, credit_limit_set{100})
      .when(authorize_payment{"o-1", 60})
      .then_nothing();
}

TEST_CASE("payment: a refund gives back what was charged, once") {
  auto const state = charged_60()
                         .when(refund_payment{"o-1", {}})
                         .then(payment_refunded{"o-1", 60, "pay-1"})
                         .when(refund_payment{"o-1", {}})
                         .then_nothing()
                         .when(refund_payment{"o-1", "pay-1"})
                         .then_nothing()
                         .state();
  CHECK(state.charged == 0);
}

TEST_CASE("payment: a refund may name the payment, and then must name the right one") {
  charged_60().when(refund_payment{"o-1", "pay-1"}).then(payment_refunded{"o-1", 60, "pay-1"});
  charged_60().when(refund_payment{"o-1", "pay-2"}).then_rejected(conflict, "payment_id_differs");
}

TEST_CASE("payment: a refund of an unknown order is recorded, and bars a later charge") {
  given<payment>()
      .when(refund_payment{"o-1", {}})
      .then(payment_refunded{"o-1", 0, {}})
      .and_given(credit_limit_set{100})
      .when(authorize_payment{"o-1", 60})
      .then_rejected(conflict, "payment_already_refunded")
      .when(refund_payment{"o-1", {}})
      .then_nothing();
}

TEST_CASE("payment: what was refunded cannot be charged any more") {
  charged_60()
      .and_given(payment_refunded{"o-1", 60, "pay-1"})
      .when(authorize_payment{"o-1", 60})
      .then_rejected(conflict, "payment_already_refunded");
}

TEST_CASE("payment: what was declined needs no refund") {
  given<payment>(payment_declined{"o-1", 60, "Credit limit exceeded"}).when(refund_payment{"o-1", {}}).then_nothing();
}

TEST_CASE("payment: an amount is not negative, an order an identifier") {
  limit_of_100().when(authorize_payment{"o-1", -1}).then_rejected(invalid, "invalid_amount");
  limit_of_100().when(authorize_payment{"", 1}).then_rejected(invalid, "invalid_order_id");
  limit_of_100().when(refund_payment{"a/b", {}}).then_rejected(invalid, "invalid_order_id");
}

TEST_CASE("payment: what one order does leaves the others alone") {
  auto const state = charged_60().when(authorize_payment{"o-2", 40}).when(refund_payment{"o-1", {}}).state();
  CHECK(state.charged == 40);
  CHECK(state.by_order.at("o-2").status == payment_status::completed);
}

}  // namespace
