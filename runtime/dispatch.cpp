#include <evoke/json.hpp>

#include <utility>

#include "runtime/fingerprint.hpp"
#include "runtime/runtime_core.hpp"

/// From a request to its aggregate: everything that can be refused without asking the aggregate is refused here, before anything is
/// decided.
namespace evoke {

void runtime_core::tell_soon(std::move_only_function<void()> answer) {
  answers_.run_on(workers_.here_or_next(), std::move(answer));
}

void runtime_core::execute(command_request request, callback<command_result> done, detail::caller from) {
  auto const refuse = [&](failure why) { tell_soon([done = std::move(done), why = std::move(why)]() mutable { done(std::move(why)); }); };
  if (auto why = refusal()) return refuse(std::move(*why));
  auto const* const type = bound_.find(request.type);
  if (type == nullptr || type->definition == nullptr)
    return refuse({errc::unknown_type, "no aggregate type " + request.type + " is registered", {}, {}, {}});
  auto const& definition = *type->definition;
  auto const index = definition.find_command(request.command);
  if (!index || (definition.commands()[*index].internal && from == detail::caller::outside))
    return refuse({errc::unknown_command, "type " + request.type + " has no command " + request.command, {}, {}, {}});
  if (open_.full()) return overloaded_.tell(std::move(done));  // before anything is decoded
  auto command = definition.decode_command(*index, request.body);
  if (!command) return refuse(command.error());
  std::uint64_t mark = 0;
  if (request.options.idempotency_key) {
    auto minified = json::minify(request.body);
    if (!minified) return refuse(minified.error());
    mark = detail::fingerprint(request.command, *minified);
  }
  submit(*type, request.id, std::move(*command), mark, std::move(request.options), std::move(done), from);
}

void runtime_core::execute(aggregate_definition const& definition, std::string id, boxed_command command, command_options options,
                           callback<command_result> done) {
  auto const refuse = [&](failure why) { tell_soon([done = std::move(done), why = std::move(why)]() mutable { done(std::move(why)); }); };
  if (auto why = refusal()) return refuse(std::move(*why));
  auto const* const type = bound_.find(definition);
  if (type == nullptr) return refuse({errc::unknown_type, "type " + definition.type().str() + " is not registered here", {}, {}, {}});
  if (open_.full()) return overloaded_.tell(std::move(done));
  std::uint64_t mark = 0;
  if (options.idempotency_key) {
    std::string body;
    if (auto encoded = definition.encode_command(command, body); !encoded) return refuse(encoded.error());
    mark = detail::fingerprint(definition.commands()[command.index].name.str(), body);
  }
  submit(*type, id, std::move(command), mark, std::move(options), std::move(done), detail::caller::outside);
}

void runtime_core::submit(actors::bound_type const& type, std::string const& id, boxed_command command, std::uint64_t fingerprint,
                          command_options options, callback<command_result> done, detail::caller from) {
  auto const refuse = [&](failure why) { tell_soon([done = std::move(done), why = std::move(why)]() mutable { done(std::move(why)); }); };
  auto parsed = aggregate_id::parse(id);
  if (!parsed) return refuse(parsed.error());
  if (auto checked = detail::check_limits(options.meta, options.idempotency_key, from); !checked) return refuse(checked.error());
  if (!open_.admit()) return overloaded_.tell(std::move(done));
  boost::intrusive_ptr<actors::open_command> opened(
      new actors::open_command(services_, open_, type, std::move(*parsed), workers_.here_or_next(), std::move(done)));
  opened->meter = &meter_;
  opened->command = std::move(command);
  opened->fingerprint = fingerprint;
  opened->options = std::move(options);
  host_.aggregates().deliver(std::move(opened));
}

}  // namespace evoke
