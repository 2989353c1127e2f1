#include <atomic>
#include <boost/describe.hpp>
#include <string>

#include "tests/runtime/runtimes.hpp"

using namespace evoke;
using namespace evoke::tests;

/// An aggregate that counts how often one of its events is applied, anywhere in this process.
namespace tallies {

std::atomic<int> applied{0};

struct count {
  std::string ballast;
};
BOOST_DESCRIBE_STRUCT(count, (), (ballast))
struct counted {
  std::string ballast;
};
BOOST_DESCRIBE_STRUCT(counted, (), (ballast))
struct tally {
  int total = 0;
};
BOOST_DESCRIBE_STRUCT(tally, (), (total))

decision<counted> decide(tally const&, count const& command, context const&) {
  return counted{command.ballast};
}
void evolve(tally& now, counted const&) {
  ++now.total;
  ++applied;
}
auto describe(type<tally>) {
  return aggregate<tally>("tally").command<count>("count").event<counted>("counted").snapshot_every(100);
}

}  // namespace tallies

TEST_CASE("an aggregate whose events lie on the disk goes on from its snapshot, not from its first event") {
  temporary_directory const directory;
  constexpr int events = 1'000;
  auto const types = [] {
    registry made;
    REQUIRE(made.add(define<tallies::tally>()));
    return made;
  };
  {
    // More than the write buffers take, so that the first ones are in table files.
    auto const rt = start(on_disk(directory), types());
    for (int i = 0; i < events; ++i)
      REQUIRE(rt->of<tallies::tally>("a").execute(tallies::count{std::string(20'000, 'x')}).get().accepted());
    rt->stop(std::chrono::seconds(30));
  }
  auto const rt = start(on_disk(directory), types());
  tallies::applied = 0;
  auto const end = rt->of<tallies::tally>("a").execute(tallies::count{""}).get();
  REQUIRE(end.accepted());
  CHECK(end.reply().version == version{events + 1});
  CHECK(tallies::applied <= 101);
}
