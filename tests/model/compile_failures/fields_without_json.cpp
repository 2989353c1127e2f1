// expect: shop::colour
// expect: this enum has no description.* Remedy: write BOOST_DESCRIBE_ENUM
// expect: shop::undescribed
// expect: this type has no JSON form: it has no description.* Remedy: write BOOST_DESCRIBE_STRUCT
// expect: std::variant has no JSON form. Remedy: use a struct with one std::optional field per alternative
// expect: a pointer has no JSON form. Remedy: hold the value itself
// expect: a single character has no JSON form. Remedy: use std::string
// expect: an optional of an optional has no JSON form
#include <evoke/json.hpp>

#include <boost/describe.hpp>

#include <variant>

namespace shop {

enum class colour { red };
struct undescribed {
  int x = 0;
};
struct item {
  colour shade{};
  undescribed nested;
  std::variant<int, bool> either;
  int* pointer = nullptr;
  char letter = 'a';
  std::optional<std::optional<int>> perhaps;
};
BOOST_DESCRIBE_STRUCT(item, (), (shade, nested, either, pointer, letter, perhaps))

}  // namespace shop

auto const text = evoke::json::encode(shop::item{});
