#include "tests/model/sample_aggregate.hpp"

#include <evoke/projection.hpp>

#include <catch2/catch.hpp>

#include <concepts>
#include <set>

namespace {
namespace shapes {

struct plain {
  std::string a;
  std::int32_t b = 0;
};
struct one_more : plain {
  bool c = false;
};
BOOST_DESCRIBE_STRUCT(plain, (), (a, b))
BOOST_DESCRIBE_STRUCT(one_more, (plain), (c))

/// The same document under another type for each way in which a projection can change.
template <int way>
struct changed : plain {
  BOOST_DESCRIBE_CLASS(changed, (plain), (), (), ())
};

template <class Doc>
void project(evoke::view<Doc>&, sample::box_opened const&) {}
template <class Doc>
  requires(!std::same_as<Doc, changed<8>>)
void project(evoke::view<Doc>&, sample::put_into const&) {}

template <class Doc>
constexpr auto base() {
  return evoke::projection<Doc>("shapes", 1)
      .template from<sample::box>()
      .template ignore<sample::box_closed>()
      .template ignore<sample::exploded>();
}
constexpr auto describe(evoke::type<changed<0>>) {
  return base<changed<0>>();
}
constexpr auto describe(evoke::type<changed<1>>) {
  return base<changed<1>>().index<&changed<1>::a>("a");
}
constexpr auto describe(evoke::type<changed<2>>) {
  return base<changed<2>>().index<&changed<2>::a>("b");
}
constexpr auto describe(evoke::type<changed<3>>) {
  return base<changed<3>>().index<&changed<3>::b>("a");
}
constexpr auto describe(evoke::type<changed<4>>) {
  return base<changed<4>>().index<&changed<4>::a, &changed<4>::b>("a");
}
constexpr auto describe(evoke::type<changed<5>>) {
  return base<changed<5>>().index<&changed<5>::b, &changed<5>::a>("a");
}
constexpr auto describe(evoke::type<changed<6>>) {
  return base<changed<6>>().free_keys();
}
constexpr auto describe(evoke::type<one_more>) {
  return base<one_more>();
}
/// Follows one event less.
constexpr auto describe(evoke::type<changed<8>>) {
  return base<changed<8>>().ignore<sample::put_into>();
}
/// Only what needs no rebuild: name, version, order.
constexpr auto describe(evoke::type<changed<7>>) {
  return evoke::projection<changed<7>>("other", 2).ignore<sample::exploded>().ignore<sample::box_closed>().from<sample::box>();
}

}  // namespace shapes
}  // namespace

TEST_CASE("The shape changes with the document, the indexes, the key rule and the events followed, and with nothing else") {
  using namespace shapes;
  auto const first = evoke::define_projection<changed<0>>()->shape();
  std::set<std::uint64_t> const all{first,
                                    evoke::define_projection<changed<1>>()->shape(),
                                    evoke::define_projection<changed<2>>()->shape(),
                                    evoke::define_projection<changed<3>>()->shape(),
                                    evoke::define_projection<changed<4>>()->shape(),
                                    evoke::define_projection<changed<5>>()->shape(),
                                    evoke::define_projection<changed<6>>()->shape(),
                                    evoke::define_projection<changed<8>>()->shape(),
                                    evoke::define_projection<one_more>()->shape()};
  CHECK(all.size() == 9);
  CHECK(evoke::define_projection<changed<7>>()->shape() == first);
  CHECK(evoke::define_projection<changed<0>>()->shape() == first);
}
