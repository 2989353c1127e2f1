#include "bench/load/verdict.hpp"

#include <initializer_list>
#include <string_view>

namespace evoke::load {
namespace {

// Behind HTTP's codes. In this process there are no statuses, but there is the same need to count.
constexpr std::size_t accepted_code = 600;
constexpr std::size_t rejected_code = 601;
constexpr std::size_t read_code = 602;
constexpr std::size_t first_failure_code = 610;

/// A no that belongs to the domain or to the state of an aggregate, told by the problem's type.
bool is_rejection(std::string_view problem) {
  for (std::string_view const each :
       {"/problems/rejection", "/problems/not-found", "/problems/version-mismatch", "/problems/already-exists"})
    if (problem.find(each) != std::string_view::npos) return true;
  return false;
}

}  // namespace

verdict judge(http_answer const& answer) {
  auto const code = static_cast<std::size_t>(answer.status);
  if ((answer.status >= 200 && answer.status < 300) || answer.status == 304) return {outcome::accepted, code};
  bool const no = answer.status >= 400 && answer.status < 500 && is_rejection(answer.body.substr(0, 200));
  return {no ? outcome::rejected : outcome::failed, code};
}

verdict judge(command_result const& end) {
  if (end.accepted()) return {outcome::accepted, accepted_code};
  if (end.rejected()) return {outcome::rejected, rejected_code};
  return judge(end.error());
}

verdict judge(failure const& why) {
  bool const no = why.code == errc::not_found || why.code == errc::version_mismatch || why.code == errc::already_exists;
  return {no ? outcome::rejected : outcome::failed, first_failure_code + static_cast<std::size_t>(why.code)};
}

verdict judge_read() {
  return {outcome::accepted, read_code};
}

std::string name_of_code(std::size_t code) {
  if (code < accepted_code) return std::to_string(code);
  if (code == accepted_code) return "accepted";
  if (code == rejected_code) return "rejected";
  if (code == read_code) return "read";
  return std::string(name_of(static_cast<errc>(code - first_failure_code)));
}

}  // namespace evoke::load
