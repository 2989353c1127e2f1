#include <evoke/expected_version.hpp>

namespace evoke {

std::string expected_version::describe() const {
  switch (kind_) {
    case kind::any: return "any";
    case kind::no_stream: return "no stream";
    case kind::stream_exists: return "an existing stream";
    case kind::exactly: break;
  }
  if (wanted_.empty()) return "no version at all";
  std::string text = "version ";
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (i > 0) text += i + 1 == wanted_.size() ? " or " : ", ";
    text += std::to_string(wanted_[i].value());
  }
  return text;
}

}  // namespace evoke
