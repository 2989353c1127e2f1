#include "model/thread_name.hpp"

#include <pthread.h>

#include <array>

namespace evoke::detail {

void name_this_thread(std::string_view name) noexcept {
  std::array<char, 16> text{};
  name.copy(text.data(), text.size() - 1);
  static_cast<void>(::pthread_setname_np(::pthread_self(), text.data()));
}

}  // namespace evoke::detail
