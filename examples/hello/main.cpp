// clang-format off: one aggregate on one page
#include <evoke/evoke.hpp>

#include <cstdio>

// An aggregate in four parts: what can be asked, what can happen, what it is, and the rules.
struct deposit { std::int64_t cents = 0; };
struct withdraw { std::int64_t cents = 0; };
struct deposited { std::int64_t cents = 0; };
struct withdrawn { std::int64_t cents = 0; };
struct account { std::int64_t balance = 0; };
BOOST_DESCRIBE_STRUCT(deposit, (), (cents))
BOOST_DESCRIBE_STRUCT(withdraw, (), (cents))
BOOST_DESCRIBE_STRUCT(deposited, (), (cents))
BOOST_DESCRIBE_STRUCT(withdrawn, (), (cents))
BOOST_DESCRIBE_STRUCT(account, (), (balance))

evoke::decision<deposited> decide(account const&, deposit const& command, evoke::context const&) {
  if (command.cents <= 0) return evoke::rejection::invalid("not_positive", "deposit more than nothing");
  return deposited{command.cents};
}
evoke::decision<withdrawn> decide(account const& state, withdraw const& command, evoke::context const&) {
  if (command.cents <= 0) return evoke::rejection::invalid("not_positive", "withdraw more than nothing");
  if (command.cents > state.balance) return evoke::rejection::conflict("overdrawn", "there is not that much in the account");
  return withdrawn{command.cents};
}
void evolve(account& state, deposited const& event) { state.balance += event.cents; }
void evolve(account& state, withdrawn const& event) { state.balance -= event.cents; }

constexpr auto describe(evoke::type<account>) {
  return evoke::aggregate<account>("account")
      .command<deposit>("deposit").command<withdraw>("withdraw")
      .event<deposited>("deposited").event<withdrawn>("withdrawn");
}

int main() {
  evoke::registry types;
  if (auto added = types.add(evoke::define<account>()); !added) return std::puts(added.error().message.c_str()), 1;
  evoke::runtime_options options;
  options.storage = evoke::storage::in_memory;  // leave it out and the events are kept in ./data
  auto runtime = evoke::runtime::start(std::move(types), options);
  if (!runtime) return std::puts(runtime.error().message.c_str()), 1;

  auto const mine = (*runtime)->of<account>("a-1");
  for (auto const& end : {mine.execute(deposit{700}).get(), mine.execute(withdraw{200}).get(), mine.execute(withdraw{9'000}).get()}) {
    if (end.accepted()) std::printf("accepted, version %llu\n", static_cast<unsigned long long>(end.reply().version.value()));
    if (end.rejected()) std::printf("rejected: %s\n", end.why().message.c_str());
    if (end.failed()) std::printf("failed: %s\n", end.error().message.c_str());
  }
  auto const state = mine.get();
  std::printf("balance: %lld\n", state ? static_cast<long long>(state->balance) : -1LL);
  return state && state->balance == 500 ? 0 : 1;
}
