#include "http/sse_text.hpp"

#include <catch2/catch.hpp>

using namespace evoke::http;

TEST_CASE("a message is id, event and data on one line each, and an empty line") {
  std::string out;
  append_message(out, "7", "item_added", R"({"a":1})");
  CHECK(out == "id: 7\nevent: item_added\ndata: {\"a\":1}\n\n");
}

TEST_CASE("a message whose data is written in place looks the same") {
  std::string at_once, in_place;
  append_message(at_once, "18446744073709551615", "e", "{}");
  begin_message(in_place, 18446744073709551615ULL, "e");
  in_place.append("{}");
  end_message(in_place);
  CHECK(in_place == at_once);
}

TEST_CASE("a message may have no id") {
  std::string out;
  begin_message(out, "e");
  out.append("{}");
  end_message(out);
  CHECK(out == "event: e\ndata: {}\n\n");
}

TEST_CASE("what is no message is an empty one, which browsers do not dispatch") {
  std::string opening, heartbeat, checkpoint, farewell;
  append_opening(opening);
  append_heartbeat(heartbeat);
  append_checkpoint(checkpoint, "12");
  append_farewell(farewell);
  CHECK(opening == ":\nretry: 2000\n\n");
  CHECK(heartbeat == ":\n\n");
  CHECK(checkpoint == ":\nid: 12\n\n");
  CHECK(farewell == ": the server stops\nretry: 5000\n\n");
}
