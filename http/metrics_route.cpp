#include "http/generic_routes.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"

namespace evoke::http {

void answer_metrics(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked)
    return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, checked.error()); });
  api.served.metrics([to = std::move(reply_to)](std::string text) mutable {
    to.answer([text = std::move(text)](reply& out, incoming const&) mutable {
      out.content_type = media::metrics;
      out.header("Cache-Control", "no-store");
      out.body = std::move(text);
    });
  });
}

}  // namespace evoke::http
