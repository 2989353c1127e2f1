#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

/// Payments: one account a customer, named after the customer. Orders are paid for out of a credit limit.
///
/// Everything is idempotent by order id: an order is charged once, and refunded once, however often it is asked. A refund of an order that
/// was never charged is recorded, too, and bars a charge that arrives later.
namespace orders {

// ---- what can be asked

struct set_credit_limit {
  std::int64_t amount = 0;
};
struct authorize_payment {
  std::string order_id;
  std::int64_t amount = 0;
};
struct refund_payment {
  std::string order_id;
  std::optional<std::string> payment_id;  ///< must be the order's when it is given and there is one
};

// ---- what can happen

struct credit_limit_set {
  std::int64_t amount = 0;
};
struct payment_completed {
  std::string payment_id;
  std::string order_id;
  std::int64_t amount = 0;
};
struct payment_declined {
  std::string order_id;
  std::int64_t amount = 0;
  std::string reason;
};
struct payment_refunded {
  std::string order_id;
  std::int64_t amount = 0;                ///< 0 when nothing had been charged
  std::optional<std::string> payment_id;  ///< absent likewise
};

// ---- what an account is

enum class payment_status : std::uint8_t { completed, declined, refunded };

struct order_payment {
  payment_status status{};
  std::int64_t amount = 0;
  std::optional<std::string> payment_id;
};

struct payment {
  std::int64_t credit_limit = 0;                  ///< nobody buys on credit before a limit is set
  std::int64_t charged = 0;                       ///< sum of the amounts of completed payments
  std::map<std::string, order_payment> by_order;  ///< one entry for every order that was ever charged, declined or refunded
};

// ---- the rules (payment_rules.cpp)

evoke::decision<credit_limit_set> decide(payment const&, set_credit_limit const&, evoke::context const&);
evoke::decision<payment_completed, payment_declined> decide(payment const&, authorize_payment const&, evoke::context const&);
evoke::decision<payment_refunded> decide(payment const&, refund_payment const&, evoke::context const&);

void evolve(payment&, credit_limit_set const&);
void evolve(payment&, payment_completed const&);
void evolve(payment&, payment_declined const&);
void evolve(payment&, payment_refunded const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(set_credit_limit, (), (amount))
BOOST_DESCRIBE_STRUCT(authorize_payment, (), (order_id, amount))
BOOST_DESCRIBE_STRUCT(refund_payment, (), (order_id, payment_id))

BOOST_DESCRIBE_STRUCT(credit_limit_set, (), (amount))
BOOST_DESCRIBE_STRUCT(payment_completed, (), (payment_id, order_id, amount))
BOOST_DESCRIBE_STRUCT(payment_declined, (), (order_id, amount, reason))
BOOST_DESCRIBE_STRUCT(payment_refunded, (), (order_id, amount, payment_id))

BOOST_DESCRIBE_ENUM(payment_status, completed, declined, refunded)
BOOST_DESCRIBE_STRUCT(order_payment, (), (status, amount, payment_id))
BOOST_DESCRIBE_STRUCT(payment, (), (credit_limit, charged, by_order))

constexpr auto describe(evoke::type<payment>) {
  return evoke::aggregate<payment>("payment")
      .command<set_credit_limit>("set_credit_limit")
      .command<authorize_payment>("authorize_payment")
      .command<refund_payment>("refund_payment")
      .event<credit_limit_set>("credit_limit_set")
      .event<payment_completed>("payment_completed")
      .event<payment_declined>("payment_declined")
      .event<payment_refunded>("payment_refunded")
      .snapshot_every(1'000);  // the state remembers every order, so a snapshot of a busy customer's is not small
}

}  // namespace orders
