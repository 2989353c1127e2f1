#include "tests/model/counted_new.hpp"
#include "tests/model/sample_projection.hpp"

#include <catch2/catch.hpp>

// The path of every command: what it allocates is counted, because that is where its time goes first.

namespace {

/// Of the second run: the first fills what is reused from then on. `work` answers whether it went well.
template <class Work>
std::size_t allocations_of(Work work) {
  REQUIRE(work());
  auto const before = allocations_so_far();
  bool const fine = work();
  auto const counted = allocations_so_far() - before;
  REQUIRE(fine);
  return counted;
}

}  // namespace

using namespace sample;

TEST_CASE("Decoding a command allocates the command and nothing else") {
  auto const definition = evoke::define<box>();
  CHECK(allocations_of([&] { return definition->decode_command(1, R"( { "count" : 3 } )").has_value(); }) == 1);
}

TEST_CASE("Deciding allocates the decision and its list of events") {
  auto const definition = evoke::define<box>();
  auto const state = definition->create();
  auto const command = evoke::box_command<box>(open_box{"tools"});
  auto const id = evoke::aggregate_id::trusted("b-1");
  evoke::metadata const meta;
  CHECK(allocations_of([&] { return state->decide(command, {id, {}, {}, meta, 1}).index() == 0; }) == 2);
}

TEST_CASE("Encoding an event into a buffer that is large enough allocates nothing") {
  auto const definition = evoke::define<box>();
  auto const state = definition->create();
  auto const id = evoke::aggregate_id::trusted("b-1");
  evoke::metadata const meta;
  auto const outcome = state->decide(evoke::box_command<box>(open_box{"a label that is longer than fifteen bytes"}), {id, {}, {}, meta, 1});
  auto const& made = *std::get<0>(outcome);
  std::string out;
  CHECK(allocations_of([&] {
          out.clear();
          return made.encode(0, out).has_value();
        }) == 0);
}

TEST_CASE("Applying a stored event allocates nothing of its own") {
  auto const definition = evoke::define<box>();
  auto const state = definition->create();
  CHECK(allocations_of([&] { return state->apply("put_into", 3, R"({"count":3})").has_value(); }) == 0);
}

TEST_CASE("Projecting an event allocates nothing of its own") {
  /// One document that is always there.
  struct : evoke::document_table {
    evoke::document const* find(std::string_view) override { return one.get(); }
    evoke::document& change(std::string_view) override { return *one; }
    void erase(std::string_view) override {}
    std::unique_ptr<evoke::document> one;
  } documents;
  auto const definition = evoke::define_projection<box_view>();
  documents.one = definition->create();
  evoke::projected_event event;
  event.type = "put_into";
  event.schema_version = 3;
  event.stream_type = "box";
  event.stream_id = "b-1";
  event.data = R"({"count":3})";
  CHECK(allocations_of([&] { return definition->project(event, documents).has_value(); }) == 0);
}

TEST_CASE("A large document's memory is given back") {
  std::string text = "[";
  for (int i = 0; i < 100'000; ++i) text += "0,";
  text += "0]";
  REQUIRE(evoke::json::minify(text));
  evoke::json::borrowed_document scratch;
  CHECK(scratch->capacity_bytes() < 1024);
}
