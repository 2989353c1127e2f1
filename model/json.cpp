#include <evoke/json.hpp>

namespace evoke::json {
namespace {

/// Memory for decoding, one a thread. It holds nothing between calls but capacity.
struct thread_scratch {
  document memory;
  bool lent = false;
};

thread_scratch& scratch_of_this_thread() {
  thread_local thread_scratch scratch;
  return scratch;
}

/// What one large document leaves behind is given back.
constexpr std::size_t max_kept_bytes = 256 * 1024;

}  // namespace

borrowed_document::borrowed_document() {
  auto& scratch = scratch_of_this_thread();
  if (scratch.lent) {
    own_ = std::make_unique<document>();
    document_ = own_.get();
    return;
  }
  scratch.lent = true;
  document_ = &scratch.memory;
}

borrowed_document::~borrowed_document() {
  if (own_) return;
  auto& scratch = scratch_of_this_thread();
  // Moved from, not assigned to: a string that is assigned an empty one keeps its memory.
  if (scratch.memory.capacity_bytes() > max_kept_bytes) {
    [[maybe_unused]] document const given_back = std::move(scratch.memory);
  }
  scratch.lent = false;
}

failure to_failure(field_error refusal) {
  auto message = (refusal.pointer.empty() ? "the value " : refusal.pointer + ": ") + refusal.detail;
  return {errc::malformed, std::move(message), {std::move(refusal)}, {}, {}};
}

result<std::string> minify(std::string_view text, std::size_t max_depth) {
  borrowed_document scratch;
  if (auto parsed = scratch->parse(text, max_depth); !parsed) return fail(std::move(parsed.error()));
  if (!scratch->spaced()) return std::string(text);
  // Well-formed: outside strings, white space is only between tokens, and a quote ends a string unless a backslash stands before it.
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (!in_string && (c == ' ' || c == '\n' || c == '\t' || c == '\r')) continue;
    out[length++] = c;
    if (c == '"') {
      in_string = !in_string;
    } else if (c == '\\') {
      out[length++] = text[++i];
    }
  }
  out.resize(length);
  return out;
}

}  // namespace evoke::json
