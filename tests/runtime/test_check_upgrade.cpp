#include <evoke/admin.hpp>

#include <fstream>
#include <map>
#include <sstream>

#include "runtime/saved_states.hpp"
#include "tests/runtime/runtimes.hpp"
#include "tests/runtime/two_programs.hpp"

using namespace evoke;
using namespace evoke::tests;
using kind = upgrade_finding::kind;

namespace {
namespace tallies {

/// What the code of evolve() is, in this program.
std::atomic<int> factor{1};
/// What makes it another each time, unless 0.
std::atomic<int> drift{0};

struct count {
  std::int32_t by = 0;
};
struct counted {
  std::int32_t by = 0;
};
BOOST_DESCRIBE_STRUCT(count, (), (by))
BOOST_DESCRIBE_STRUCT(counted, (), (by))

template <bool more_fields>
struct tally {
  std::int64_t sum = 0;
  BOOST_DESCRIBE_CLASS(tally, (), (sum), (), ())
};
template <>
struct tally<true> {
  std::int64_t sum = 0;
  std::int64_t events = 0;
  BOOST_DESCRIBE_CLASS(tally, (), (sum, events), (), ())
};
template <bool more_fields>
evoke::decision<counted> decide(tally<more_fields> const&, count const& command, evoke::context const&) {
  return counted{command.by};
}
template <bool more_fields>
void evolve(tally<more_fields>& state, counted const& event) {
  state.sum += event.by * factor + drift;
  if (drift != 0) ++drift;
}
template <bool more_fields>
constexpr auto describe(evoke::type<tally<more_fields>>) {
  return evoke::aggregate<tally<more_fields>>("tally").template command<count>("count").template event<counted>("counted").snapshot_every(
      4);
}

registry types() {
  registry made;
  REQUIRE(made.add(define<tally<false>>()));
  return made;
}
registry types_with_more_fields() {
  registry made;
  REQUIRE(made.add(define<tally<true>>()));
  return made;
}

}  // namespace tallies

using tallies::types;

class world {
 public:
  ~world() {
    tallies::factor = 1;
    tallies::drift = 0;
    today::curse_holds = false;
  }

  /// So many events in each of these aggregates.
  void count(std::vector<std::string> const& ids, int events) {
    auto const rt = start(on_disk(directory), types());
    for (auto const& id : ids)
      for (int i = 0; i < events; ++i) REQUIRE(rt->execute({"tally", id, "count", R"({"by":1})", {}}).get().accepted());
  }
  [[nodiscard]] std::filesystem::path store() const { return directory.path() / "store"; }
  [[nodiscard]] std::filesystem::path file(std::string const& name) const { return directory.path() / name; }

  [[nodiscard]] upgrade_check how() const {
    upgrade_check made;
    made.data = store();
    made.threads = 2;
    return made;
  }
  [[nodiscard]] upgrade_report check(registry const& program, upgrade_check const& how) const {
    auto report = check_upgrade(program, how);
    if (!report) FAIL(report.error().message);
    return std::move(*report);
  }
  [[nodiscard]] upgrade_report check(registry const& program) const { return check(program, how()); }

  /// Every file's content and time, to see that nothing was touched.
  [[nodiscard]] std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> all;
    for (auto const& each : std::filesystem::recursive_directory_iterator(directory.path())) {
      std::ostringstream text;
      if (each.is_regular_file()) text << std::ifstream(each.path()).rdbuf();
      all[each.path().string()] = text.str() + std::to_string(each.last_write_time().time_since_epoch().count());
    }
    return all;
  }

  temporary_directory directory;
};

std::vector<std::string> ids(int from, int to) {
  std::vector<std::string> made;
  for (; from < to; ++from) made.push_back("t-" + std::to_string(from));
  return made;
}

}  // namespace

TEST_CASE("A program that reads a store finds nothing, and leaves the store as it was", "[upgrade]") {
  world here;
  here.count({"a", "b"}, 9);
  auto const before = here.content();
  auto const report = here.check(types());
  CHECK(report.found == 0);
  CHECK(report.findings.empty());
  CHECK(report.aggregates == 2);
  CHECK(report.snapshots == 2);
  CHECK(report.compared == 0);
  CHECK(here.content() == before);  // the copy is gone, too
  CHECK(start(on_disk(here.directory), types())->state({"tally", "a", {}, {}}).get()->version == version{9});
}

TEST_CASE("The copy may be made elsewhere, where nothing is yet", "[upgrade]") {
  world here;
  here.count({"a"}, 1);
  auto how = here.how();
  how.scratch = here.file("elsewhere");
  CHECK(here.check(types(), how).found == 0);
  CHECK_FALSE(std::filesystem::exists(how.scratch));
  std::filesystem::create_directory(how.scratch);
  auto const refused = check_upgrade(types(), how);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::invalid_argument);
  CHECK(std::filesystem::exists(how.scratch));
}

TEST_CASE("A check says what stands in its way", "[upgrade]") {
  world here;
  CHECK(check_upgrade(types(), here.how()).error().code == errc::invalid_argument);
  here.count({"a"}, 1);
  auto how = here.how();
  how.compare = here.file("nothing");
  CHECK(check_upgrade(types(), how).error().code == errc::io_error);
  std::ofstream(here.file("other")) << "something else\n";
  how.compare = here.file("other");
  CHECK(check_upgrade(types(), how).error().code == errc::invalid_argument);
  auto const rt = start(on_disk(here.directory), types());
  CHECK(check_upgrade(types(), here.how()).error().code == errc::store_in_use);
}

TEST_CASE("Events that do not read are found, each aggregate's first", "[upgrade]") {
  world here;
  {
    auto const rt = start(on_disk(here.directory), yesterday::types());
    for (std::string const id : {"a", "b", "c"}) {
      auto const goods = rt->of<yesterday::goods>(id);
      REQUIRE(goods.execute(yesterday::set_title{"x"}).get().accepted());
      if (id != "b") REQUIRE(goods.execute(yesterday::curse{"y"}).get().accepted());
    }
  }
  CHECK(here.check(today::types()).found == 0);
  today::curse_holds = true;
  auto const report = here.check(today::types());
  CHECK(report.aggregates == 3);
  REQUIRE(report.found == 2);
  CHECK(report.findings[0].what == kind::unreadable);
  CHECK(report.findings[0].aggregate_type == "goods");
  CHECK(report.findings[0].aggregate_id == "a");
  CHECK(report.findings[0].text == "goods/a version 2: upcast() of event 'cursed' version 1 threw: the curse holds");
  CHECK(report.findings[1].aggregate_id == "c");
  auto how = here.how();
  how.max_findings = 1;
  auto const shortened = here.check(today::types(), how);
  CHECK(shortened.found == 2);
  CHECK(shortened.findings.size() == 1);
}

TEST_CASE("A program that would not start hears of it from the check", "[upgrade]") {
  world here;
  here.count({"a"}, 1);
  auto const report = here.check(today::types());
  REQUIRE(report.found == 1);
  CHECK(report.findings[0].what == kind::incompatible);
  CHECK_THAT(report.findings[0].text, Catch::Contains("event 'counted' version 1") && Catch::Contains("Remedy"));
}

TEST_CASE("A fold that is not deterministic is found", "[upgrade]") {
  world here;
  here.count({"a", "b"}, 2);
  tallies::drift = 1;
  auto const report = here.check(types());
  REQUIRE(report.found == 2);
  CHECK(report.findings[0].what == kind::not_deterministic);
}

TEST_CASE("A snapshot that another evolve() made is found", "[upgrade]") {
  world here;
  here.count({"a"}, 5);  // with a snapshot
  here.count({"b"}, 1);  // without
  tallies::factor = 2;
  auto const report = here.check(types());
  CHECK(report.snapshots == 1);
  REQUIRE(report.found == 1);
  CHECK(report.findings[0].what == kind::snapshot_differs);
  CHECK(report.findings[0].aggregate_id == "a");
  CHECK_THAT(report.findings[0].text, Catch::Contains(".fold_version()"));
}

TEST_CASE("States are compared with those that an earlier program saved", "[upgrade]") {
  world here;
  here.count({"a", "b", "c"}, 3);
  auto how = here.how();
  how.save = here.file("states");
  CHECK(here.check(types(), how).found == 0);
  how.save.clear();
  how.compare = here.file("states");
  auto const same = here.check(types(), how);
  CHECK(same.found == 0);
  CHECK(same.compared == 3);

  here.count({"b"}, 2);  // by their version of then
  here.count({"d"}, 1);  // unknown to the file
  auto const later = here.check(types(), how);
  CHECK(later.found == 0);
  CHECK(later.compared == 3);

  tallies::factor = 3;
  auto const other = here.check(types(), how);
  CHECK(other.compared == 3);
  std::size_t differing = 0;
  for (auto const& each : other.findings)
    if (each.what == kind::state_differs) ++differing;
  CHECK(differing == 3);

  tallies::factor = 1;
  auto const more = here.check(tallies::types_with_more_fields(), how);
  CHECK(more.found == 0);
  CHECK(more.compared == 0);
  CHECK(more.not_comparable == 3);

  how.save = how.compare;
  CHECK(check_upgrade(types(), how).error().code == errc::invalid_argument);
}

TEST_CASE("Aggregates that are no longer there, or shorter, are found", "[upgrade]") {
  world newer;
  newer.count({"a", "b", "c"}, 3);
  auto how = newer.how();
  how.save = newer.file("states");
  CHECK(newer.check(types(), how).found == 0);
  world older;
  older.count({"b"}, 2);
  how = older.how();
  how.compare = newer.file("states");
  auto const report = older.check(types(), how);
  REQUIRE(report.found == 3);
  std::map<std::string, std::string> texts;
  for (auto const& each : report.findings) texts[each.aggregate_id] = each.text;
  CHECK_THAT(texts["a"], Catch::Contains("is not now"));
  CHECK_THAT(texts["b"], Catch::Contains("saved at version 3, and has only 2"));
  CHECK_THAT(texts["c"], Catch::Contains("is not now"));
}

TEST_CASE("Many aggregates are replayed page by page, and saved in their order", "[upgrade]") {
  world here;
  {
    auto const rt = start(on_disk(here.directory), types());
    std::vector<std::future<command_result>> open;
    for (auto const& id : ids(0, 2'345)) open.push_back(rt->execute({"tally", id, "count", R"({"by":2})", {}}));
    for (auto& each : open) REQUIRE(each.get().accepted());
  }
  auto how = here.how();
  how.save = here.file("states");
  how.threads = 3;
  std::vector<std::uint64_t> progress;
  how.on_progress = [&](upgrade_progress const& now) {
    CHECK(now.type == "tally");
    progress.push_back(now.aggregates);
  };
  auto const report = here.check(types(), how);
  CHECK(report.aggregates == 2'345);
  CHECK(progress == std::vector<std::uint64_t>{1'000, 2'000, 2'345});
  how.compare = how.save;
  how.save.clear();
  auto const again = here.check(types(), how);
  CHECK(again.found == 0);
  CHECK(again.compared == 2'345);
}

TEST_CASE("Saved states read as they were written, by type", "[upgrade]") {
  temporary_directory const directory;
  auto const path = directory.path() / "states";
  {
    auto out = detail::state_writer::open(path);
    REQUIRE(out);
    out->type("a", 1);
    out->type("b", 0xfedc'ba98'7654'3210);
    out->add({"x y", version{7}, 0x10});
    out->add({"type z", version{1}, 2});
    out->type("d", 4);
    out->add({"end", version{1}, 3});
    REQUIRE(out->finish());
  }
  auto in = detail::state_reader::open(path);
  REQUIRE(in);
  REQUIRE(*in->seek("b") == 0xfedc'ba98'7654'3210);
  REQUIRE(in->peek() != nullptr);
  CHECK(in->peek()->id == "x y");
  CHECK(in->peek()->version == version{7});
  CHECK(in->peek()->hash == 0x10);
  REQUIRE(in->take());
  CHECK(in->peek()->id == "type z");
  CHECK_FALSE(*in->seek("c"));
  CHECK(*in->seek("d") == 4U);
  CHECK(in->peek()->id == "end");
  REQUIRE(in->take());
  CHECK(in->peek() == nullptr);
  CHECK_FALSE(*in->seek("e"));
}

TEST_CASE("A file of saved states that was cut short is refused", "[upgrade]") {
  temporary_directory const directory;
  auto const path = directory.path() / "states";
  std::ofstream(path) << "evoke states 1\ntype a 0000000000000001\nx\t1\t0000000000000002\n";
  auto in = detail::state_reader::open(path);
  REQUIRE(in);
  REQUIRE(*in->seek("a") == 1U);
  CHECK(in->take().error().code == errc::invalid_argument);
  std::ofstream(path) << "evoke states 1\ntype a 0000000000000001\nx\t1\nend\n";
  in = detail::state_reader::open(path);
  REQUIRE(in);
  CHECK(in->seek("a").error().code == errc::invalid_argument);
  std::ofstream(path) << "evoke states 1\n";
  CHECK(detail::state_reader::open(path).error().code == errc::invalid_argument);
}
