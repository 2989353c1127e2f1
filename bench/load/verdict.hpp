#pragma once

#include "bench/load/http_answer.hpp"
#include "bench/load/tally.hpp"

#include <evoke/command.hpp>
#include <evoke/failure.hpp>

#include <string>

namespace evoke::load {

/// What an answer is to a measurement, and under which code it is counted.
struct verdict {
  outcome how{};
  std::size_t code = 0;
};

[[nodiscard]] verdict judge(http_answer const& answer);
[[nodiscard]] verdict judge(command_result const& end);
[[nodiscard]] verdict judge(failure const& why);
/// Of a read that succeeded.
[[nodiscard]] verdict judge_read();

/// "200", "accepted", "overloaded".
[[nodiscard]] std::string name_of_code(std::size_t code);

}  // namespace evoke::load
