#include <evoke/json/document.hpp>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

using evoke::json::document;
using evoke::json::kind;

namespace {

struct refused {
  std::string pointer;
  std::string detail;
};

refused refusal_of(std::string_view text, std::size_t max_depth = evoke::json::default_max_depth) {
  document parsed;
  auto const root = parsed.parse(text, max_depth);
  if (root) return {"none", "it was accepted"};
  CHECK(root.error().code == evoke::errc::malformed);
  CHECK_FALSE(root.error().message.empty());
  REQUIRE(root.error().errors.size() == 1);
  return {root.error().errors[0].pointer, root.error().errors[0].detail};
}

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

}  // namespace

TEST_CASE("What is broken is refused where it is broken") {
  struct row {
    char const* text;
    char const* pointer;
    char const* says;
  };
  auto const each = GENERATE(values<row>({
      {"", "", "ends where a value was expected (line 1, byte 1)"},
      {"   ", "", "ends where a value"},
      {"nul", "", "is not JSON where a value"},
      {"True", "", "is not JSON where a value"},
      {"{", "", "ends where a name in quotes"},
      {"{\"a\"", "/a", "ends where ':'"},
      {"{\"a\" 1}", "/a", "is not JSON where ':'"},
      {"{\"a\":", "/a", "ends where a value"},
      {"{\"a\":}", "/a", "is not JSON where a value"},
      {"{\"a\":1", "", "ends where ',' or '}'"},
      {"{\"a\":1,", "", "ends where a name in quotes"},
      {"{\"a\":1,}", "", "is not JSON where a name in quotes"},
      {"{\"a\":1 \"b\":2}", "", "is not JSON where ',' or '}'"},
      {"{a:1}", "", "is not JSON where a name in quotes"},
      {"{'a':1}", "", "is not JSON where a name in quotes"},
      {"{1:1}", "", "is not JSON where a name in quotes"},
      {"{\"a\":[1,2}", "/a/2", "is not JSON where ',' or ']'"},
      {"[1,]", "/1", "is not JSON where a value"},
      {"[,1]", "/0", "is not JSON where a value"},
      {"[1 2]", "/1", "is not JSON where ',' or ']'"},
      {"[1", "/1", "ends where ',' or ']'"},
      {"[[1],[2,{\"x\":[tru]}]]", "/1/1/x/0", "is not JSON where a value"},
      {"{\"a~b/c\":{\"\":@}}", "/a~0b~1c/", "is not JSON where a value"},
      {"[01]", "/0", "is not JSON where a number without leading zeros"},
      {"[-]", "/0", "is not JSON where a digit"},
      {"[-01]", "/0", "is not JSON where a number without leading zeros"},
      {"[1.]", "/0", "is not JSON where a digit"},
      {"[.5]", "/0", "is not JSON where a value"},
      {"[1e]", "/0", "is not JSON where a digit"},
      {"[1e+]", "/0", "is not JSON where a digit"},
      {"[1e", "/0", "ends where a digit"},
      {"[+1]", "/0", "is not JSON where a value"},
      {"[0x10]", "/1", "is not JSON where ',' or ']'"},
      {"[NaN]", "/0", "is not JSON where a value"},
      {"[Infinity]", "/0", "is not JSON where a value"},
      {"[-Infinity]", "/0", "is not JSON where a digit"},
      {"1 2", "", "is followed by something else (line 1, byte 3)"},
      {"{} x", "", "is followed by something else (line 1, byte 4)"},
      {"{}\n\n }", "", "is followed by something else (line 3, byte 2)"},
      {"[1]//c", "", "is followed by something else"},
      {"/*c*/[1]", "", "is not JSON where a value"},
      {"{\"a\":\"x", "/a", "ends where the string's closing quote"},
      {"{\"a", "", "ends where the name's closing quote"},
      {"[\"\t\"]", "/0", "an escape such as \\n for a control character"},
      {"[\"a\nb\"]", "/0", "an escape such as \\n for a control character"},
      {"[\"\\x41\"]", "/0", "one of the escapes"},
      {"[\"\\", "/0", "ends where the rest of an escape"},
      {"[\"\\u12\"]", "/0", "four hexadecimal digits"},
      {"[\"\\u12G4\"]", "/0", "four hexadecimal digits"},
      {"[\"\\u12", "/0", "four hexadecimal digits"},
      {"[\"\\ud800\"]", "/0", "first half of a surrogate pair without the second"},
      {"[\"\\ud800x\"]", "/0", "first half of a surrogate pair without the second"},
      {"[\"\\ud800\\n\"]", "/0", "first half of a surrogate pair without the second"},
      {"[\"\\ud800\\u0041\"]", "/0", "first half of a surrogate pair without the second"},
      {"[\"\\ud800\\ud800\"]", "/0", "first half of a surrogate pair without the second"},
      {"[\"\\udc00\"]", "/0", "second half of a surrogate pair without the first"},
      {"{\"a\":\"\xFF\"}", "/a", "is not valid UTF-8"},
      {"{\"a\":[0,\"12345678\xC3\"]}", "/a/1", "is not valid UTF-8"},
      {"[\"\xED\xA0\x80\"]", "/0", "is not valid UTF-8"},
      {"[\"\xC0\x80\"]", "/0", "is not valid UTF-8"},
      {"{\"b\":{\"\xFF\":1}}", "/b", "is not valid UTF-8"},
      {"[\xFF]", "/0", "is not JSON where a value"},
      {"\xC2\xA0[]", "", "is not JSON where a value"},
      {"{\"a\":1,\"a\":2}", "/a", "is given more than once"},
      {"{\"a\":1,\"\\u0061\":2}", "/a", "is given more than once"},
      {"[{},{\"x\":{\"a/b\":1,\"c\":2,\"a/b\":1}}]", "/1/x/a~1b", "is given more than once"},
      {"\xEF\xBB\xBF{}", "", "begins with a byte order mark"},
  }));
  CAPTURE(each.text);
  auto const refused = refusal_of(each.text);
  CHECK(refused.pointer == each.pointer);
  CHECK_THAT(refused.detail, Catch::Contains(each.says));
}

TEST_CASE("A NUL byte outside a string is no white space and does not end the text") {
  CHECK(refusal_of(std::string_view("[1]\0", 4)).detail == "is followed by something else (line 1, byte 4)");
  CHECK(refusal_of(std::string_view("[\0]", 3)).pointer == "/0");
  CHECK(refusal_of(std::string_view("[\"\0\"]", 5)).pointer == "/0");
}

TEST_CASE("What RFC 8259 allows is accepted") {
  for (std::string const text : {"null",
                                 "true",
                                 "false",
                                 "0",
                                 "-0",
                                 "1e5",
                                 "1E+5",
                                 "-1.5e-10",
                                 "\"\"",
                                 "[]",
                                 "{}",
                                 " \t\r\n[ \t\r\n] \t\r\n",
                                 "{ \"\" : 1 }",
                                 "[1,2.0,3e1]",
                                 "{\"a\":{\"a\":{\"a\":[]}}}",
                                 "\"\\u0000\"",
                                 "\"\\ud83d\\ude00\"",
                                 "\"\x7F\"",
                                 "\"\xE2\x80\xA8\"",
                                 "1e400",
                                 "123456789012345678901234567890",
                                 "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""}) {
    document parsed;
    CAPTURE(text);
    CHECK(parsed.parse(text));
  }
}

TEST_CASE("Escapes become what they stand for") {
  document parsed;
  auto const text_of = [&](std::string_view text) { return std::string(parsed.parse(text)->as_string().value()); };
  CHECK(text_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(text_of(R"("\u0041\u00e9\u20AC\uD83D\uDE00")") == "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(text_of(R"("a\u0000b")") == std::string("a\0b", 3));
  CHECK(text_of(R"("\uffff\udbff\udfff")") == "\xEF\xBF\xBF\xF4\x8F\xBF\xBF");
  CHECK(text_of("\"0123456\\n89abcdef\\u0041ghijklmnopq\"") == "0123456\n89abcdefAghijklmnopq");
}

TEST_CASE("Nesting up to the limit is accepted, one level more is refused") {
  document parsed;
  CHECK(parsed.parse(nested(64)));
  auto const refused = refusal_of(nested(65));
  std::string pointer;
  for (int i = 0; i < 64; ++i) pointer += "/0";
  CHECK(refused.pointer == pointer);
  CHECK(refused.detail == "is nested deeper than 64 levels");
  CHECK(parsed.parse(nested(2), 2));
  CHECK(refusal_of(nested(3), 2).pointer == "/0/0");
  CHECK(refusal_of("[[{}]]", 2).pointer == "/0/0");
}

TEST_CASE("A million levels cost neither the stack nor much time") {
  CHECK(refusal_of(std::string(1'000'000, '[')).detail == "is nested deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
  CHECK(refusal_of(objects).detail == "is nested deeper than 64 levels");
  document parsed;
  CHECK(parsed.parse(nested(1'000'000), 1'000'000));
}

TEST_CASE("A name given twice among very many is found") {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  document parsed;
  CHECK(parsed.parse(text + "\"last\":0}"));
  CHECK(refusal_of(text + "\"k77\":0}").pointer == "/k77");
}

TEST_CASE("The same name in different objects is no repetition") {
  document parsed;
  CHECK(parsed.parse(R"([{"a":1},{"a":1},{"a":{"a":1}}])"));
}

TEST_CASE("A document that was refused is empty, and parses the next text") {
  document parsed;
  CHECK_FALSE(parsed.parse("[1,2,3"));
  auto const root = parsed.parse("[7]");
  REQUIRE(root);
  CHECK(root->size() == 1);
  CHECK((*root->elements().begin()).number_text() == "7");
}

TEST_CASE("Parsing again reuses memory") {
  document parsed;
  std::string const text = R"({"a":[1,2,3],"b":"some text that is not short at all","c":{"d":null}})";
  REQUIRE(parsed.parse(text));
  auto const held = parsed.capacity_bytes();
  for (int i = 0; i < 10; ++i) REQUIRE(parsed.parse(text));
  CHECK(parsed.capacity_bytes() == held);
}
