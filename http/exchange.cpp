#include "http/exchange.hpp"

#include "http/problem.hpp"

namespace evoke::http {

void ticket::abandon() {
  answer([](reply& out, incoming const&) { render_problem(out, problems::internal_error, "the request was given up without an answer"); });
}

}  // namespace evoke::http
