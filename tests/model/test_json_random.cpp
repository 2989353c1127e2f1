#include "tests/model/random_source.hpp"
#include "tests/model/sample_types.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace json = evoke::json;

namespace {

sample::tree random_tree(random_source& random, int levels) {
  sample::tree made{random.text(8), {}};
  if (levels > 0)
    for (auto count = random.below(3); count > 0; --count) made.children.push_back(random_tree(random, levels - 1));
  return made;
}

sample::everything random_value(random_source& random) {
  sample::everything made;
  made.flag = random.coin();
  made.numbers = {random.integer<std::int8_t>(),   random.integer<std::uint8_t>(), random.integer<std::int16_t>(),
                  random.integer<std::uint16_t>(), random.integer<std::int32_t>(), random.integer<std::uint32_t>(),
                  random.integer<std::int64_t>(),  random.integer<std::uint64_t>()};
  made.real = random.real();
  made.small_real = static_cast<float>(random.below(1'000'000)) / 997.0F;
  made.text = random.text();
  made.shade = static_cast<sample::colour>(random.below(3));
  if (random.coin()) made.maybe = random.integer<std::int32_t>();
  if (random.coin()) made.maybe_point = sample::point{random.integer<std::int32_t>(), 0};
  for (auto count = random.below(4); count > 0; --count)
    made.points.push_back({random.integer<std::int32_t>(), random.integer<std::int32_t>()});
  for (auto count = random.below(4); count > 0; --count) made.flags.push_back(random.coin());
  for (auto count = random.below(4); count > 0; --count) made.holes.push_back(random.coin() ? std::optional{7} : std::nullopt);
  for (auto& each : made.triple) each = random.integer<std::int16_t>();
  for (auto count = random.below(20); count > 0; --count) made.sorted[random.text(6)] = {random.integer<std::uint64_t>()};
  for (auto count = random.below(20); count > 0; --count) made.hashed[random.text(6)] = random.real();
  made.plant = random_tree(random, 4);
  made.child.id = random.text();
  made.child.extra = random.integer<int>();
  made.when = evoke::timestamp{
      std::chrono::microseconds{static_cast<std::int64_t>(random.below(315'569'520'000'000'000)) - 62'167'219'200'000'000}};
  made.key = evoke::uuid{{1, 2, static_cast<std::uint8_t>(random.below(256))}};
  if (random.coin()) made.id = evoke::aggregate_id::trusted("c-" + std::to_string(random.below(1000)));
  made.version = evoke::version{random.integer<std::uint64_t>()};
  return made;
}

/// The same document with white space wherever it may stand.
std::string spread(std::string_view text, random_source& random) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const between = !in_string && std::string_view("{}[],:").find(text[i]) != std::string_view::npos;
    if (between && random.coin()) out += " \t\n\r"[random.below(4)];
    out += text[i];
    if (between && random.coin()) out += " \t\n\r"[random.below(4)];
    if (in_string && text[i] == '\\') {
      out += text[++i];
    } else if (text[i] == '"') {
      in_string = !in_string;
    }
  }
  return out;
}

/// What nlohmann says of a text: it is the judge of the grammar here, not of what evoke refuses beyond it.
enum class verdict { accepted, refused, not_comparable };

verdict judge(std::string const& text) {
  try {
    auto const parsed = nlohmann::json::parse(text);
    return verdict::accepted;
  } catch (nlohmann::json::out_of_range const&) {
    return verdict::not_comparable;  // a number that no double holds; evoke keeps its text
  } catch (nlohmann::json::parse_error const&) {
    return verdict::refused;
  }
}

std::string mutate(std::string text, random_source& random) {
  static constexpr std::string_view interesting = "{}[]\",:\\u0019eE+-.tfn \n\x7F\xC3\xA9\xFF\xED\xA0\x80";
  for (auto count = 1 + random.below(4); count > 0 && !text.empty(); --count) {
    auto const at = random.below(text.size());
    switch (random.below(5)) {
      case 0: text.erase(at, 1 + random.below(4)); break;
      case 1: text.insert(at, 1, interesting[random.below(interesting.size())]); break;
      case 2: text[at] = interesting[random.below(interesting.size())]; break;
      case 3: text.insert(at, text.substr(random.below(text.size()), random.below(12))); break;
      default: text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << random.below(8)));
    }
  }
  return text;
}

}  // namespace

TEST_CASE("Random values survive encoding and decoding, however the text is spread") {
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  for (int round = 0; round < 300; ++round) {
    auto const value = random_value(random);
    auto const text = json::encode(value);
    REQUIRE(text);
    auto const decoded = json::decode<sample::everything>(*text);
    REQUIRE(decoded);
    REQUIRE(*decoded == value);
    REQUIRE(json::encode(*decoded) == *text);
    REQUIRE(json::minify(*text) == *text);
    auto const loose = spread(*text, random);
    REQUIRE(json::minify(loose) == *text);
    REQUIRE(json::decode<sample::everything>(loose) == value);
  }
}

TEST_CASE("Encoded text says the same to another parser") {
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  for (int round = 0; round < 100; ++round) {
    auto const value = random_value(random);
    auto const theirs = nlohmann::json::parse(*json::encode(value));
    REQUIRE(theirs.at("text").get<std::string>() == value.text);
    REQUIRE(theirs.at("real").get<double>() == value.real);
    REQUIRE(theirs.at("numbers").at("u64").get<std::uint64_t>() == value.numbers.u64);
    REQUIRE(theirs.at("numbers").at("i64").get<std::int64_t>() == value.numbers.i64);
    // and theirs, with other spacing and escapes, to ours
    auto const again = json::decode<sample::everything>(theirs.dump(2, ' ', true));
    REQUIRE(again);
    REQUIRE(*again == value);
  }
}

TEST_CASE("Mutated text is accepted exactly where another parser accepts it, and never harms") {
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  json::document parsed;
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 15'000; ++round) {
    auto const text = mutate(*json::encode(random_value(random).points) + *json::encode(random_value(random).hashed), random);
    auto const one = mutate(round % 2 == 0 ? R"({"a":[1,-2.5e3,true,null],"b\u00e9":"x\ny","c":{"d":[[],{}]}})" : text, random);
    CAPTURE(one);
    auto const ours = parsed.parse(one);
    auto const theirs = judge(one);
    if (ours) {
      ++accepted;
      REQUIRE(theirs != verdict::refused);
      auto const minified = json::minify(one);
      REQUIRE(minified);
      std::string copied;
      json::writer{copied}.copy(*ours);
      auto const again = json::minify(copied);
      REQUIRE(again);
      if (theirs == verdict::accepted) REQUIRE(nlohmann::json::parse(*minified) == nlohmann::json::parse(copied));
    } else {
      ++refused;
      auto const& why = ours.error().errors.at(0);
      auto const beyond_grammar = why.detail == "is given more than once" || why.detail.starts_with("is nested deeper") ||
                                  why.detail.starts_with("begins with a byte order mark");
      // The other parser takes a zero byte between tokens for the end of the text.
      if (!beyond_grammar && one.find('\0') == std::string::npos) REQUIRE(theirs != verdict::accepted);
      REQUIRE(json::encode(why.pointer));  // an answer that quotes it must be valid UTF-8
      REQUIRE(json::encode(why.detail));
    }
  }
  CHECK(accepted > 100);
  CHECK(refused > 100);
}

TEST_CASE("Random bytes never harm") {
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  json::document parsed;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto count = random.below(30); count > 0; --count) text += static_cast<char>(random.below(256));
    auto const ours = parsed.parse(text);
    if (!ours) REQUIRE_FALSE(ours.error().errors.empty());
    if (ours) REQUIRE(judge(text) != verdict::refused);
  }
}

TEST_CASE("Every beginning of a document is refused, and decoding it names a place") {
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  auto const text = *json::encode(random_value(random));
  for (std::size_t length = 0; length < text.size(); ++length) {
    auto const cut = json::decode<sample::everything>(std::string_view(text).substr(0, length));
    REQUIRE_FALSE(cut);
    REQUIRE(cut.error().errors.size() == 1);
  }
}
