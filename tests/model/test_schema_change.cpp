#include "model/schema_change.hpp"
#include "tests/model/sample_types.hpp"

#include <catch2/catch.hpp>

#include <optional>

namespace {
namespace changes {

struct line {
  std::string product;
  std::int32_t count = 0;
};
struct order {
  std::string id;
  std::optional<std::string> note;
  std::vector<line> lines;
};
BOOST_DESCRIBE_STRUCT(line, (), (product, count))
BOOST_DESCRIBE_STRUCT(order, (), (id, note, lines))

struct line_with_size : line {
  std::optional<std::int32_t> size;
};
BOOST_DESCRIBE_STRUCT(line_with_size, (line), (size))

/// The same with one thing changed.
struct reordered {
  std::vector<line> lines;
  std::optional<std::string> note;
  std::string id;
};
struct with_optional : order {
  std::optional<std::int32_t> rank;
};
struct with_optional_inside {
  std::string id;
  std::optional<std::string> note;
  std::vector<line_with_size> lines;
};
struct with_required : order {
  std::int32_t rank = 0;
};
struct without_field {
  std::string id;
  std::vector<line> lines;
};
struct other_type {
  std::int32_t id = 0;
  std::optional<std::string> note;
  std::vector<line> lines;
};
struct now_required {
  std::string id;
  std::string note;
  std::vector<line> lines;
};
struct now_optional {
  std::optional<std::string> id;
  std::optional<std::string> note;
  std::vector<line> lines;
};
struct other_inside {
  std::string id;
  std::optional<std::string> note;
  std::vector<std::string> lines;
};
BOOST_DESCRIBE_STRUCT(reordered, (), (lines, note, id))
BOOST_DESCRIBE_STRUCT(with_optional, (order), (rank))
BOOST_DESCRIBE_STRUCT(with_optional_inside, (), (id, note, lines))
BOOST_DESCRIBE_STRUCT(with_required, (order), (rank))
BOOST_DESCRIBE_STRUCT(without_field, (), (id, lines))
BOOST_DESCRIBE_STRUCT(other_type, (), (id, note, lines))
BOOST_DESCRIBE_STRUCT(now_required, (), (id, note, lines))
BOOST_DESCRIBE_STRUCT(now_optional, (), (id, note, lines))
BOOST_DESCRIBE_STRUCT(other_inside, (), (id, note, lines))

enum class two { red, green };
BOOST_DESCRIBE_ENUM(two, red, green)
struct coloured {
  sample::colour colour{};
};
struct two_coloured {
  two colour{};
};
BOOST_DESCRIBE_STRUCT(coloured, (), (colour))
BOOST_DESCRIBE_STRUCT(two_coloured, (), (colour))

struct taller {
  std::string name;
  std::vector<taller> children;
  std::optional<bool> evergreen;
};
BOOST_DESCRIBE_STRUCT(taller, (), (name, children, evergreen))

template <class Before, class Now>
std::string change() {
  return evoke::json::incompatible_change(evoke::json::schema<Before>(), evoke::json::schema<Now>()).value_or("");
}

}  // namespace changes
}  // namespace

TEST_CASE("New optional fields, at any depth, and another order are compatible changes of a schema") {
  using namespace changes;
  CHECK(change<order, order>().empty());
  CHECK(change<order, reordered>().empty());
  CHECK(change<order, with_optional>().empty());
  CHECK(change<order, with_optional_inside>().empty());
  CHECK(change<sample::everything, sample::everything>().empty());
  CHECK(change<sample::tree, taller>().empty());
}

TEST_CASE("Every other change of a schema is incompatible, and told with its place") {
  using namespace changes;
  CHECK(change<order, with_required>() == "/rank: the field is new and must be there");
  CHECK(change<order, without_field>() == "/note: the field is gone");
  CHECK(change<with_optional, order>() == "/rank: the field is gone");
  CHECK(change<order, other_type>() == "/id: the type is another one");
  CHECK(change<order, now_required>() == "/note: the field could be absent, and must be there now");
  CHECK(change<order, now_optional>() == "/id: the field may be absent now");
  CHECK(change<order, other_inside>() == "/lines: the type is another one");
  CHECK(change<with_optional_inside, order>() == "/lines/size: the field is gone");
  CHECK(change<coloured, two_coloured>() == "/colour: the type is another one");
  CHECK(change<taller, sample::tree>() == "/evergreen: the field is gone");
  CHECK(change<order, sample::colour>() == "/: the type is another one");
}

TEST_CASE("What is no schema is no compatible one") {
  CHECK(evoke::json::incompatible_change("{", "{}"));
  CHECK(evoke::json::incompatible_change("{}", ""));
  CHECK_FALSE(evoke::json::incompatible_change("{}", "{}"));
}
