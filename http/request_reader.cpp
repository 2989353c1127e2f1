#include "http/request_reader.hpp"

#include "http/field_text.hpp"
#include "http/head_rules.hpp"

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/verb.hpp>
#include <optional>
#include <utility>

namespace evoke::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

constexpr std::size_t head_read_bytes = 4096;
constexpr std::size_t body_read_bytes = std::size_t{64} * 1024;
/// Too little of what may be the last chunk, "0 CR LF CR LF", with the end of the one before it perhaps: called with it, and again when
/// more has come, Beast's parser stumbles over an assertion of its own (basic_parser.ipp, parse_chunk_header). No chunked body ends with
/// less.
bool may_be_last_chunk(std::string_view text) {
  constexpr std::size_t enough = 5;
  if (text.size() >= enough) return false;
  if (text.starts_with("\r\n")) text.remove_prefix(2);
  return text.starts_with('0');
}

/// A line of the chunked framing, or the trailer behind the last chunk, must fit into this.
constexpr std::size_t max_framing_bytes = 4096;
/// Larger bodies grow as they come: a Content-Length alone must not cost memory.
constexpr std::uint64_t reserved_body_bytes = std::uint64_t{16} * 1024;

std::string_view plain(string_view text) noexcept {
  return {text.data(), text.size()};
}

http::method method_of(beast_http::verb verb) noexcept {
  switch (verb) {
    case beast_http::verb::get: return method::get;
    case beast_http::verb::head: return method::head;
    case beast_http::verb::post: return method::post;
    case beast_http::verb::put: return method::put;
    case beast_http::verb::delete_: return method::delete_;
    case beast_http::verb::patch: return method::patch;
    case beast_http::verb::options: return method::options;
    default: return method::other;
  }
}

/// Beast's parser, writing into an `incoming`: no field map, no allocation per field.
class beast_parser final : public beast_http::basic_parser<true> {
 public:
  explicit beast_parser(incoming& into) : into_(&into) {}
  [[nodiscard]] std::size_t target_bytes() const noexcept { return target_bytes_; }

 private:
  void on_request_impl(beast_http::verb verb, string_view, string_view target, int version, error_code&) override {
    target_bytes_ = target.size();
    into_->set_line(method_of(verb), plain(target), version == 10);
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast_http::field, string_view name, string_view value, error_code&) override {
    // What comes after the body is a trailer: nothing that decides on the request may stand there.
    if (!is_header_done_) into_->add_header(plain(name), trimmed(plain(value)));
  }
  void on_header_impl(error_code&) override { is_header_done_ = true; }
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override {
    if (length) into_->body_buffer().reserve(static_cast<std::size_t>(std::min(*length, reserved_body_bytes)));
  }
  std::size_t on_body_impl(string_view body, error_code&) override {
    into_->body_buffer().append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& ec) override {
    if (extensions.size() > max_chunk_extension_bytes) ec = beast_http::error::bad_chunk_extension;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) override { return on_body_impl(body, ec); }
  void on_finish_impl(error_code&) override {}

  incoming* into_;
  std::size_t target_bytes_ = 0;
  bool is_header_done_ = false;
};

/// Whether the request line asks for some other version of HTTP, and not for nonsense.
bool asks_for_other_version(std::string_view head) noexcept {
  auto const line = head.substr(0, head.find('\r'));
  auto const at = line.rfind(" HTTP/");
  if (at == std::string_view::npos || line.size() - at != 9) return false;
  auto const digit = [](char c) { return c >= '0' && c <= '9'; };
  return digit(line[at + 6]) && line[at + 7] == '.' && digit(line[at + 8]);
}

}  // namespace

class request_reader::impl {
 public:
  explicit impl(reader_limits const& limits) : limits_(limits) {}

  std::span<char> prepare() {
    auto const room = buffer_.prepare(phase_ == phase::body ? body_read_bytes : head_read_bytes);
    return {static_cast<char*>(room.data()), room.size()};
  }

  void commit(std::size_t bytes) { buffer_.commit(bytes); }

  step advance(incoming& into) {
    if (why_ != nullptr) return step::failed;
    if (phase_ == phase::idle && !begin_head()) return step::need_more;
    if (phase_ == phase::head) {
      auto const end = find_end_of_head();
      if (!end) return why_ == nullptr ? step::need_more : step::failed;
      if (!parse_head(into, *end)) return step::failed;
    }
    return parse_body();
  }

  phase phase_ = phase::idle;
  bool expects_continue_ = false;
  bool keep_alive_ = false;
  problem_kind const* why_ = nullptr;
  std::string detail_;

 private:
  [[nodiscard]] std::string_view buffered() const noexcept {
    return {static_cast<char const*>(buffer_.cdata().data()), buffer_.cdata().size()};
  }

  bool fail(problem_kind const& kind, std::string_view detail) {
    why_ = &kind;
    detail_ = detail;
    return false;
  }

  /// @returns false while no byte of a request is there. Empty lines before a request are read past (RFC 9112, 2.2).
  bool begin_head() {
    while (buffered().starts_with("\r\n")) buffer_.consume(2);
    if (buffered().empty() || buffered() == "\r") {
      // A rare large body must not keep its buffer for the connection's whole life.
      if (buffer_.capacity() > body_read_bytes) buffer_.shrink_to_fit();
      return false;
    }
    phase_ = phase::head;
    searched_ = 0;
    return true;
  }

  /// The head's size; nullopt when its end is not there yet or, with why_ set, when it never will be.
  std::optional<std::size_t> find_end_of_head() {
    auto const text = buffered();
    auto const end = text.find("\r\n\r\n", searched_ < 3 ? 0 : searched_ - 3);
    auto const size = end == std::string_view::npos ? text.size() : end + 4;
    if (size > limits_.max_header_bytes) {
      bool const line_ended = text.find('\n') < limits_.max_header_bytes;
      fail(line_ended ? problems::header_too_large : problems::uri_too_long, "the request head is larger than the limit");
      return std::nullopt;
    }
    if (end != std::string_view::npos) return size;
    // What can never become a head is refused now, not when the time is over.
    if (!is_token_char(text.front())) fail(problems::bad_request, "this is not an HTTP request");
    for (auto at = text.find('\n', searched_); at != std::string_view::npos && why_ == nullptr; at = text.find('\n', at + 1))
      if (at == 0 || text[at - 1] != '\r') fail(problems::bad_request, "a line does not end in CR LF");
    searched_ = text.size();
    return std::nullopt;
  }

  bool parse_head(incoming& into, std::size_t size) {
    auto const head = buffered().substr(0, size);
    if (too_many_lines(head)) return fail(problems::header_too_large, "there are more than 100 header lines");
    if (auto const wrong = check_raw_head(head); !wrong.empty()) return fail(problems::bad_request, wrong);
    into.begin(size);
    parser_.emplace(into);
    parser_->header_limit(limits_.max_header_bytes + 1);
    parser_->body_limit(limits_.max_body_bytes);
    error_code ec;
    parser_->put({head.data(), head.size()}, ec);
    if (parser_->target_bytes() > limits_.max_target_bytes)
      return fail(problems::uri_too_long, "the request target is longer than the limit");
    if (ec && ec != beast_http::error::body_limit) return refuse(ec, head);
    if (auto const wrong = check_fields(into); !wrong.empty()) return fail(problems::bad_request, wrong);
    if (ec) return refuse(ec, head);
    if (auto const wrong = into.split_target(); !wrong.empty()) return fail(problems::bad_request, wrong);
    auto const expect = into.header("Expect");
    if (!expect.empty() && !into.http_1_0() && !iequals(expect, "100-continue"))
      return fail(problems::expectation_failed, "only Expect: 100-continue is known");
    buffer_.consume(size);
    phase_ = phase::body;
    expects_continue_ = !expect.empty() && !into.http_1_0() && !parser_->is_done();
    return true;
  }

  step parse_body() {
    while (!parser_->is_done()) {
      auto const text = buffered();
      if (text.empty() || (parser_->chunked() && may_be_last_chunk(text))) return step::need_more;
      expects_continue_ = false;  // the client did not wait
      error_code ec;
      buffer_.consume(parser_->put({text.data(), text.size()}, ec));
      if (ec == beast_http::error::need_more) {
        if (buffered().size() <= max_framing_bytes) return step::need_more;
        fail(problems::bad_request, "a line of the chunked framing is too long");
        return step::failed;
      }
      if (ec) {
        refuse(ec, {});
        return step::failed;
      }
    }
    keep_alive_ = parser_->keep_alive();
    phase_ = phase::idle;
    expects_continue_ = false;
    return step::complete;
  }

  bool refuse(error_code ec, std::string_view head) {
    if (ec == beast_http::error::body_limit) return fail(problems::content_too_large, "the request body is larger than the limit");
    if (ec == beast_http::error::header_limit) return fail(problems::header_too_large, "the request head is larger than the limit");
    if (ec == beast_http::error::bad_version && asks_for_other_version(head))
      return fail(problems::version_not_supported, "the request line asks for another version of HTTP");
    return fail(problems::bad_request, ec.message());
  }

  reader_limits limits_;
  boost::beast::flat_buffer buffer_;
  std::optional<beast_parser> parser_;
  std::size_t searched_ = 0;
};

request_reader::request_reader(reader_limits const& limits) : impl_(std::make_unique<impl>(limits)) {}
request_reader::~request_reader() = default;

std::span<char> request_reader::prepare() {
  return impl_->prepare();
}

void request_reader::commit(std::size_t bytes) {
  impl_->commit(bytes);
}

request_reader::step request_reader::advance(incoming& into) {
  return impl_->advance(into);
}

request_reader::phase request_reader::at() const noexcept {
  return impl_->phase_;
}

bool request_reader::expects_continue() const noexcept {
  return impl_->expects_continue_;
}

void request_reader::continue_sent() noexcept {
  impl_->expects_continue_ = false;
}

bool request_reader::keep_alive() const noexcept {
  return impl_->keep_alive_;
}

problem_kind const& request_reader::why() const noexcept {
  return *impl_->why_;
}

std::string_view request_reader::detail() const noexcept {
  return impl_->detail_;
}

}  // namespace evoke::http
