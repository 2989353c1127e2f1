#include "bench/load/text_template.hpp"

#include <array>
#include <charconv>

namespace evoke::load {
namespace {

template <class Integer>
void append_integer(Integer number, std::string& out) {
  std::array<char, 24> digits{};
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

bool parse_integer(std::string_view text, std::int64_t& into) {
  auto const [stopped, error] = std::from_chars(text.begin(), text.end(), into);
  return error == std::errc{} && stopped == text.end();
}

std::unexpected<failure> bad(std::string_view placeholder, std::string const& why) {
  return fail(errc::invalid_argument, "'{" + std::string(placeholder) + "}': " + why);
}

}  // namespace

void append_number(std::uint64_t number, std::string& out) {
  append_integer(number, out);
}

void append_uuid(random_source& random, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  auto const first = random();
  auto const second = random();
  for (unsigned i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out.push_back('-');
    auto digit = ((i < 16 ? first : second) >> ((i % 16) * 4U)) & 15U;
    if (i == 12) digit = 4;                 // version
    if (i == 16) digit = 8 + (digit & 3U);  // variant
    out.push_back(hex[digit]);
  }
}

result<text_template::part> text_template::parse_placeholder(std::string_view inside) {
  if (inside == "key") return part{kind::key, {}, 0, 0};
  if (inside == "key_number") return part{kind::key_number, {}, 0, 0};
  if (inside == "counter") return part{kind::counter, {}, 0, 0};
  if (inside == "uuid") return part{kind::uuid, {}, 0, 0};
  if (inside == "payload") return part{kind::payload, {}, 0, 0};
  constexpr std::string_view range = "random:";
  if (!inside.starts_with(range)) {
    return bad(inside, "there is no such placeholder; there are {key}, {key_number}, {counter}, {uuid}, {random:1..100} and {payload}");
  }
  auto const ends = inside.substr(range.size());
  auto const dots = ends.find("..");
  std::int64_t low = 0;
  std::int64_t high = 0;
  if (dots == std::string_view::npos || !parse_integer(ends.substr(0, dots), low) || !parse_integer(ends.substr(dots + 2), high)) {
    return bad(inside, "a range is two integers, as in {random:1..100}");
  }
  if (low > high) return bad(inside, "the range begins above its end");
  return part{kind::random, {}, low, static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low)};
}

result<text_template> text_template::parse(std::string_view text) {
  text_template made;
  auto add_text = [&made](std::string_view plain) {
    if (plain.empty()) return;
    if (!made.parts_.empty() && made.parts_.back().is == kind::text) {
      made.parts_.back().text.append(plain);
    } else {
      made.parts_.push_back({kind::text, std::string(plain), 0, 0});
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    auto const brace = text.find('{', at);
    if (brace == std::string_view::npos) {
      add_text(text.substr(at));
      break;
    }
    if (brace + 1 == text.size() || text[brace + 1] < 'a' || text[brace + 1] > 'z') {
      add_text(text.substr(at, brace + 1 - at));
      at = brace + 1;
      continue;
    }
    add_text(text.substr(at, brace - at));
    auto const close = text.find('}', brace);
    if (close == std::string_view::npos) {
      return fail(errc::invalid_argument, "'" + std::string(text.substr(brace, 20)) + "' begins a placeholder that is never closed");
    }
    auto made_part = parse_placeholder(text.substr(brace + 1, close - brace - 1));
    if (!made_part) return std::unexpected(made_part.error());
    made.parts_.push_back(std::move(*made_part));
    at = close + 1;
  }
  return made;
}

void text_template::render(placeholder_values const& with, std::string& out) const {
  for (auto const& each : parts_) {
    switch (each.is) {
      case kind::text: out.append(each.text); break;
      case kind::key: out.append(with.key); break;
      case kind::key_number: append_integer(with.key_number, out); break;
      case kind::counter: append_integer(with.counter, out); break;
      case kind::uuid: append_uuid(with.random, out); break;
      case kind::payload: out.append(with.payload); break;
      case kind::random: {
        auto const drawn = each.span == ~std::uint64_t{0} ? with.random() : below(with.random, each.span + 1);
        append_integer(static_cast<std::int64_t>(static_cast<std::uint64_t>(each.low) + drawn), out);
        break;
      }
    }
  }
}

}  // namespace evoke::load
