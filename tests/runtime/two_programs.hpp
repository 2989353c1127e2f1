#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// The same domain in two versions of a program: `yesterday` stores events that `today` reads as others.
namespace yesterday {

struct titled {
  std::string title;
};
struct priced {
  std::int64_t amount = 0;
};
struct edited {
  std::optional<std::string> title;
  std::optional<std::int64_t> amount;
};
struct flagged {};
struct cursed {
  std::string title;
};

struct set_title {
  std::string title;
};
struct set_price {
  std::int64_t amount = 0;
};
struct edit {
  std::optional<std::string> title;
  std::optional<std::int64_t> amount;
};
struct flag {};
struct curse {
  std::string title;
};

/// The fields are those of today, so that only the past tells the snapshots apart.
struct goods {
  std::string name;
  std::int64_t amount = 0;
  std::string currency;
};

BOOST_DESCRIBE_STRUCT(titled, (), (title))
BOOST_DESCRIBE_STRUCT(priced, (), (amount))
BOOST_DESCRIBE_STRUCT(edited, (), (title, amount))
BOOST_DESCRIBE_STRUCT(flagged, (), ())
BOOST_DESCRIBE_STRUCT(cursed, (), (title))
BOOST_DESCRIBE_STRUCT(set_title, (), (title))
BOOST_DESCRIBE_STRUCT(set_price, (), (amount))
BOOST_DESCRIBE_STRUCT(edit, (), (title, amount))
BOOST_DESCRIBE_STRUCT(flag, (), ())
BOOST_DESCRIBE_STRUCT(curse, (), (title))
BOOST_DESCRIBE_STRUCT(goods, (), (name, amount, currency))

inline evoke::decision<titled> decide(goods const&, set_title const& command, evoke::context const&) {
  return titled{command.title};
}
inline evoke::decision<priced> decide(goods const&, set_price const& command, evoke::context const&) {
  return priced{command.amount};
}
inline evoke::decision<edited> decide(goods const&, edit const& command, evoke::context const&) {
  return edited{command.title, command.amount};
}
inline evoke::decision<flagged> decide(goods const&, flag const&, evoke::context const&) {
  return flagged{};
}
inline evoke::decision<cursed> decide(goods const&, curse const& command, evoke::context const&) {
  return cursed{command.title};
}
inline void evolve(goods& state, titled const& event) {
  state.name = event.title;
}
inline void evolve(goods& state, priced const& event) {
  state.amount = event.amount;
}
inline void evolve(goods& state, edited const& event) {
  state.name = event.title.value_or(state.name);
  state.amount = event.amount.value_or(state.amount);
}
inline void evolve(goods&, flagged const&) {}
inline void evolve(goods& state, cursed const& event) {
  state.name = event.title;
}

constexpr auto describe(evoke::type<goods>) {
  return evoke::aggregate<goods>("goods")
      .command<set_title>("set_title")
      .command<set_price>("set_price")
      .command<edit>("edit")
      .command<flag>("flag")
      .command<curse>("curse")
      .event<titled>("titled")
      .event<priced>("priced")
      .event<edited>("edited")
      .event<flagged>("flagged")
      .event<cursed>("cursed")
      .snapshot_every(2);
}

struct label {
  std::vector<std::string> told;
};
BOOST_DESCRIBE_STRUCT(label, (), (told))
template <class Event>
void project(evoke::view<label>& view, Event const&) {
  view.document().told.emplace_back(view.event().type);
}
constexpr auto describe(evoke::type<label>) {
  return evoke::projection<label>("labels", 1).from<goods>();
}

inline evoke::registry types() {
  evoke::registry made;
  static_cast<void>(made.add(evoke::define<goods>()));
  static_cast<void>(made.add(evoke::define_projection<label>()));
  return made;
}

}  // namespace yesterday

namespace today {

/// While it is set, what was cursed cannot be upcast.
inline std::atomic<bool> curse_holds{false};

struct named {
  std::string name;
};
struct priced {
  std::int64_t amount = 0;
  std::string currency;
};

struct set_name {
  std::string name;
};

struct goods {
  std::string name;
  std::int64_t amount = 0;
  std::string currency;
};

BOOST_DESCRIBE_STRUCT(named, (), (name))
BOOST_DESCRIBE_STRUCT(priced, (), (amount, currency))
BOOST_DESCRIBE_STRUCT(set_name, (), (name))
BOOST_DESCRIBE_STRUCT(goods, (), (name, amount, currency))

// Former events live in the namespace of their structs, and so do their upcasters.
}  // namespace today

namespace yesterday {
inline today::named upcast(titled const& stored) {
  return {stored.title};
}
inline today::priced upcast(priced const& stored) {
  return {stored.amount, "KRW"};
}
inline evoke::parts<today::named, priced> upcast(edited const& stored) {
  evoke::parts<today::named, priced> made;
  if (stored.title) made.add(today::named{*stored.title});
  if (stored.amount) made.add(priced{*stored.amount});
  return made;
}
inline evoke::dropped upcast(flagged const&) {
  return {};
}
inline today::named upcast(cursed const& stored) {
  if (today::curse_holds) throw std::runtime_error("the curse holds");
  return {stored.title};
}
}  // namespace yesterday

namespace today {

inline evoke::decision<named> decide(goods const&, set_name const& command, evoke::context const&) {
  return named{command.name};
}
inline void evolve(goods& state, named const& event) {
  state.name = event.name;
}
inline void evolve(goods& state, priced const& event) {
  state.amount = event.amount;
  state.currency = event.currency;
}
constexpr auto describe(evoke::type<goods>) {
  return evoke::aggregate<goods>("goods")
      .command<set_name>("set_name")
      .event<named>("named")
      .event<priced>("priced", 2)
      .former<yesterday::titled>("titled", 1)
      .former<yesterday::priced>("priced", 1)
      .former<yesterday::edited>("edited", 1)
      .former<yesterday::flagged>("flagged", 1)
      .former<yesterday::cursed>("cursed", 1)
      .snapshot_every(2);
}

/// The document of yesterday, with what the events of today say.
struct label {
  std::vector<std::string> told;
};
BOOST_DESCRIBE_STRUCT(label, (), (told))
inline void project(evoke::view<label>& view, named const& event) {
  view.document().told.push_back(event.name);
}
inline void project(evoke::view<label>& view, priced const& event) {
  if (event.amount < 0) throw std::runtime_error("less than nothing");
  view.document().told.push_back(std::to_string(event.amount) + ' ' + event.currency);
}
constexpr auto describe(evoke::type<label>) {
  return evoke::projection<label>("labels", 1).from<goods>();
}

inline evoke::registry types() {
  evoke::registry made;
  static_cast<void>(made.add(evoke::define<goods>()));
  static_cast<void>(made.add(evoke::define_projection<label>()));
  return made;
}

}  // namespace today
