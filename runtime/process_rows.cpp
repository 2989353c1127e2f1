#include "runtime/process_rows.hpp"

#include <evoke/json.hpp>

#include <boost/describe.hpp>

namespace evoke::detail {
namespace {

struct checkpoint_row {
  position checkpoint{};
};
BOOST_DESCRIBE_STRUCT(checkpoint_row, (), (checkpoint))

template <class Row>
std::string text_of(Row const& row) {
  // Positions, times and checked text: this cannot fail but for a reason that is no UTF-8, which is then left out.
  return json::encode(row).value_or(std::string("{}"));
}

}  // namespace

std::string process_checkpoint_key(std::string_view process) {
  return std::string("c/").append(process);
}

std::string encode_process_checkpoint(position at) {
  return text_of(checkpoint_row{at});
}

std::optional<position> decode_process_checkpoint(std::string_view row) {
  auto decoded = json::decode<checkpoint_row>(row);
  return decoded ? std::optional(decoded->checkpoint) : std::nullopt;
}

std::string encode_blocked_instance(process_block const& from) {
  auto text = json::encode(from);
  return text ? std::move(*text) : text_of(process_block{from.from, "the reason cannot be shown: it is no UTF-8", from.since});
}

std::optional<process_block> decode_blocked_instance(std::string_view row) {
  auto decoded = json::decode<process_block>(row);
  return decoded ? std::optional(std::move(*decoded)) : std::nullopt;
}

}  // namespace evoke::detail
