#pragma once

#include <evoke/aggregate.hpp>
#include <evoke/projection.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// An aggregate with a past: events that were renamed, split, dropped and changed twice, and one whose upcaster throws.
namespace aged {

struct rename {
  std::string name;
};

struct product_named {
  std::string name;
};
struct price_set {
  std::int64_t amount = 0;
  std::string currency;
  bool taxed = false;
};

struct title_set {  // "title_set" 1, until it was renamed
  std::string title;
};
struct price_set_v1 {
  std::int64_t amount = 0;
};
struct price_set_v2 {
  std::int64_t amount = 0;
  std::string currency;
};
struct product_edited {  // until it was split
  std::optional<std::string> name;
  std::optional<std::int64_t> amount;
};
struct product_flagged {};
struct product_cursed {
  std::string why;
};

struct product {
  std::string name;
  std::int64_t amount = 0;
  std::string currency;
  bool taxed = false;
  std::int32_t events = 0;
};

BOOST_DESCRIBE_STRUCT(rename, (), (name))
BOOST_DESCRIBE_STRUCT(product_named, (), (name))
BOOST_DESCRIBE_STRUCT(price_set, (), (amount, currency, taxed))
BOOST_DESCRIBE_STRUCT(title_set, (), (title))
BOOST_DESCRIBE_STRUCT(price_set_v1, (), (amount))
BOOST_DESCRIBE_STRUCT(price_set_v2, (), (amount, currency))
BOOST_DESCRIBE_STRUCT(product_edited, (), (name, amount))
BOOST_DESCRIBE_STRUCT(product_flagged, (), ())
BOOST_DESCRIBE_STRUCT(product_cursed, (), (why))
BOOST_DESCRIBE_STRUCT(product, (), (name, amount, currency, taxed, events))

inline product_named upcast(title_set const& stored) {
  return {stored.title};
}
inline price_set_v2 upcast(price_set_v1 const& stored) {
  return {stored.amount, "KRW"};
}
inline price_set upcast(price_set_v2 const& stored) {
  return {stored.amount, stored.currency, true};
}
inline evoke::parts<product_named, price_set_v1> upcast(product_edited const& stored) {
  evoke::parts<product_named, price_set_v1> made;
  if (stored.name) made.add(product_named{*stored.name});
  if (stored.amount) made.add(price_set_v1{*stored.amount});
  return made;
}
inline evoke::dropped upcast(product_flagged const&) {
  return {};
}
inline evoke::parts<product_named> upcast(product_cursed const& stored) {
  if (stored.why == "odd") throw 13;
  if (!stored.why.empty()) throw std::runtime_error(stored.why);
  return product_named{"free"};
}

inline evoke::decision<product_named> decide(product const&, rename const& command, evoke::context const&) {
  return product_named{command.name};
}
inline void evolve(product& state, product_named const& event) {
  if (event.name == "unspeakable") throw std::runtime_error("evolve went off");
  state.name = event.name;
  ++state.events;
}
inline void evolve(product& state, price_set const& event) {
  state.amount = event.amount;
  state.currency = event.currency;
  state.taxed = event.taxed;
  ++state.events;
}

constexpr auto describe(evoke::type<product>) {
  return evoke::aggregate<product>("product")
      .command<rename>("rename")
      .event<product_named>("product_named")
      .event<price_set>("price_set", 3)
      .former<title_set>("title_set", 1)
      .former<price_set_v1>("price_set", 1)
      .former<price_set_v2>("price_set", 2)
      .former<product_edited>("product_edited", 1)
      .former<product_flagged>("product_flagged", 1)
      .former<product_cursed>("product_cursed", 1);
}

/// What it costs; its name is nobody's business here.
struct price_tag {
  std::int64_t amount = 0;
  std::string told;  // what the events said of themselves
};
BOOST_DESCRIBE_STRUCT(price_tag, (), (amount, told))
inline void project(evoke::view<price_tag>& view, price_set const& event) {
  if (event.amount < 0) throw std::runtime_error("a price below nothing");
  auto& tag = view.document();
  tag.amount = event.amount;
  auto const& seen = view.event();
  tag.told += std::string(seen.type) + ' ' + std::to_string(seen.schema_version) + ' ' + std::string(seen.data) + ' ' +
              std::to_string(seen.version.value()) + '.' + std::to_string(seen.part) + ';';
}
constexpr auto describe(evoke::type<price_tag>) {
  return evoke::projection<price_tag>("price_tags", 1).from<product>().ignore<product_named>();
}

/// Both kinds of event of one product, in a row.
struct diary {
  std::vector<std::string> entries;
};
BOOST_DESCRIBE_STRUCT(diary, (), (entries))
inline void project(evoke::view<diary>& view, product_named const& event) {
  view.document().entries.push_back(event.name);
}
inline void project(evoke::view<diary>& view, price_set const& event) {
  if (event.amount < 0) throw std::runtime_error("a price below nothing");
  view.document().entries.push_back(std::to_string(event.amount) + ' ' + event.currency);
}
constexpr auto describe(evoke::type<diary>) {
  return evoke::projection<diary>("diaries", 1).from<product>();
}

}  // namespace aged
