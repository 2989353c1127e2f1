#pragma once

#include <evoke/result.hpp>

#include <utility>

#include "http/generic_routes.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"

/// The shapes that most routes' answers have.
namespace evoke::http {

/// Answers with the problem document of `why`.
inline void refuse(ticket reply_to, failure why) {
  reply_to.answer([why = std::move(why)](reply& out, incoming const&) { render_failure(out, why); });
}

/// For bodies that hold several things: there it is the client's own bytes that are too many.
inline void render_body_refusal(reply& out, failure const& why) {
  if (why.code == errc::limit_exceeded) return render_problem(out, problems::content_too_large, why.message);
  render_failure(out, why);
}

/// A callback for one T: `render(T&, incoming const&, reply&)` writes what went well, as JSON that nobody keeps; what did not becomes a
/// problem document.
template <class T, class Render>
[[nodiscard]] callback<result<T>> answering(ticket reply_to, Render render) {
  return [to = std::move(reply_to), render = std::move(render)](result<T> end) mutable {
    to.answer([end = std::move(end), render = std::move(render)](reply& out, incoming const& asked) mutable {
      if (!end) return render_failure(out, end.error());
      out.content_type = media::json;
      out.header("Cache-Control", "no-store");
      render(*end, asked, out);
    });
  };
}

}  // namespace evoke::http
