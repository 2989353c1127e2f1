#include "replay/invoice_replay.hpp"

namespace replay {

namespace asio = boost::asio;

invoice_replay::invoice_replay(invoice const& from, expected_cart& expected, delivery& via, tally& counts)
    : from_(from), expected_(expected), via_(via), counts_(counts) {}

asio::awaitable<void> invoice_replay::run(std::function<void()> const& on_line) {
  co_await create();
  for (auto const& line : from_.lines) {
    co_await add(line);
    on_line();
  }
  if (holds_anything_) co_await leave();
}

asio::awaitable<void> invoice_replay::create() {
  auto const request = create_cart(from_);
  auto const end = co_await ask(request);
  if (!end) co_return;
  bool const accepted = end->end == command_end::kind::accepted;
  if (accepted) version_ = end->version;
  if (done_before(*end)) version_ = 1;  // whoever created it, that was its first event
  if ((version_ > 0) != expected_.exists()) differs("creation: " + (accepted ? std::string("accepted") : end->text));
}

asio::awaitable<void> invoice_replay::add(order_line const& line) {
  bool const should = expected_.add(line);
  auto const request = add_cart_item(from_.number, line, version_);
  auto const end = co_await ask(request);
  if (!end) {
    ++counts_.undelivered;
    co_return;
  }
  auto const name = "line " + std::to_string(line.ordinal);
  if (end->end == command_end::kind::accepted) {
    version_ = end->version;
    ++counts_.accepted;
    if (end->replayed) ++counts_.accepted_before;
    holds_anything_ = true;
    if (!should) differs(name + ": accepted against the rules");
  } else if (end->end == command_end::kind::rejected) {
    ++counts_.rejected[end->reason];
    if (end->replayed) ++counts_.rejected_before;
    if (should) differs(name + ": " + end->text);
  } else if (done_before(*end)) {
    // What an earlier run made of this line is no longer known. Its effect is compared at the end with all others.
    if (should) {
      ++version_;
      ++counts_.accepted;
      ++counts_.accepted_before;
      holds_anything_ = true;
    } else {
      ++counts_.rejected["refused_before"];
      ++counts_.rejected_before;
    }
  } else {
    ++counts_.rejected[end->reason];
    differs(name + ": " + end->text);
  }
}

asio::awaitable<void> invoice_replay::leave() {
  bool const should = expected_.check_out();
  auto const request = check_out(from_, version_);
  auto const end = co_await ask(request);
  if (!end) co_return;
  bool const done = end->end == command_end::kind::accepted || done_before(*end);
  if (done) version_ = end->version;
  if (done != should) differs("check-out: " + (done ? std::string("accepted against the rules") : end->text));
}

asio::awaitable<std::optional<command_end>> invoice_replay::ask(http_request const& request) {
  auto const reply = co_await via_.send(request);
  if (!reply) co_return std::nullopt;
  auto end = read_command_end(*reply);
  ++counts_.commands;
  if (!reply->consistency_token.empty()) last_token_ = reply->consistency_token;
  if (end.replayed) ++counts_.replayed;
  if (end.end == command_end::kind::accepted && !end.replayed) ++counts_.events_written;
  co_return end;
}

bool invoice_replay::done_before(command_end const& end) const {
  return end.end == command_end::kind::version_differs && end.version > version_;
}

void invoice_replay::differs(std::string const& what) {
  counts_.differences.push_back("invoice " + from_.number + ", " + what);
}

}  // namespace replay
