#include "http/view_parameters.hpp"

#include "tests/http/holdings.hpp"
#include "tests/http/requests.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using relation = field_condition::relation;

namespace {

result<view_query> query_of(std::string_view text) {
  static auto const definition = define_projection<holdings::holding>();
  incoming request;
  parse_request(request, std::string("/?").append(text));
  return read_view_query(request, *definition, 1'000);
}

view_query good(std::string_view text) {
  INFO(text);
  auto query = query_of(text);
  if (!query) FAIL(query.error().message);
  return *std::move(query);
}

errc bad(std::string_view text) {
  INFO(text);
  auto const query = query_of(text);
  REQUIRE_FALSE(query);
  return query.error().code;
}

}  // namespace

TEST_CASE("a query without conditions goes by key") {
  auto const query = good("prefix=c-&limit=7&direction=backward&cursor=abc");
  CHECK(query.projection == "holdings");
  CHECK(query.index.empty());
  CHECK(query.where.empty());
  CHECK(query.key_prefix == "c-");
  CHECK(query.limit == 7);
  CHECK(query.backward);
  CHECK(query.cursor == "abc");
  auto const plain = good("");
  CHECK(plain.limit == 100);
  CHECK_FALSE(plain.backward);
}

TEST_CASE("a page is no larger than the limit") {
  CHECK(good("limit=5000").limit == 1'000);
}

TEST_CASE("an index's name stands for its first field") {
  auto const query = good("owner_sum=ann");
  CHECK(query.index == "owner_sum");
  REQUIRE(query.where.size() == 1);
  CHECK(query.where[0].field == "owner");
  CHECK(query.where[0].value == "ann");
  CHECK(good("last_sum.gt=1").index == "last_sum");
  CHECK(bad("nothing_like_it=1") == errc::unknown_index);
}

TEST_CASE("the index is the one that the fields fit") {
  CHECK(good("owner=ann&sum=5").index == "owner_sum");
  CHECK(good("sum=5&owner=ann").index == "owner_sum");
  CHECK(good("owner=ann&sum.gte=5&sum.lt=9").index == "owner_sum");
  CHECK(good("last=1").index == "last_sum");
  CHECK(good("last.gt=1").index == "last_sum");
  CHECK(good("limit.eq=100").index == "limit");
}

TEST_CASE("conditions say what they mean") {
  auto const query = good("owner=ann&sum.gte=5&sum.lt=9");
  REQUIRE(query.where.size() == 3);
  CHECK(query.where[0].field == "owner");
  CHECK(query.where[0].is == relation::equal);
  CHECK(query.where[0].value == "ann");
  CHECK(query.where[1].is == relation::at_least);
  CHECK(query.where[1].value == "5");
  CHECK(query.where[2].is == relation::less);
  CHECK(good("last.gt=1").where[0].is == relation::greater);
  CHECK(good("last.lte=1").where[0].is == relation::at_most);
  CHECK(good("last.eq=1").where[0].is == relation::equal);
  auto const absent = good("last.absent").where[0];
  CHECK(absent.is == relation::equal);
  CHECK_FALSE(absent.value);
  CHECK_FALSE(good("last.absent=true").where[0].value);
}

TEST_CASE("a field that is called like a parameter is asked for by its condition") {
  auto const query = good("limit.eq=3&limit=7");
  CHECK(query.limit == 7);
  REQUIRE(query.where.size() == 1);
  CHECK(query.where[0].field == "limit");
  CHECK(query.where[0].value == "3");
}

TEST_CASE("where no index fits, or several, those there are are named") {
  for (std::string_view const text : {"owner=ann", "sum=5", "owner.gt=a", "owner.gt=a&sum=5", "owner=ann&last=1", "colour=red",
                                      "index=none", "owner=ann&sum.gt=1&last.gt=1"}) {
    CHECK(bad(text) == errc::unknown_index);
    CHECK(query_of(text).error().message.find("owner_sum (owner, sum)") != std::string::npos);
  }
}

TEST_CASE("an index that is named is taken") {
  CHECK(good("index=owner&owner=ann").index == "owner");
  CHECK(good("index=owner_sum").where.empty());
  CHECK(good("index=owner_sum&owner.gte=b").index == "owner_sum");
}

TEST_CASE("what is no query is refused") {
  for (std::string_view const text :
       {"owner.like=a", "owner.=a", "owner=a&owner=b", "last.absent=no", "limit=0", "limit=x", "limit=1&limit=2", "direction=up",
        "prefix=a&owner=ann&sum=1", "prefix=a&index=owner", "index=owner&index=owner", "cursor=a&cursor=b"})
    CHECK(bad(text) == errc::invalid_argument);
}
