#pragma once

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/timer_agenda.hpp"

namespace evoke::tests {

using namespace std::chrono_literals;
using detail::timer_agenda;
using detail::timer_place;

/// An agenda, an index as a store has it, and clocks that stand still until moved.
struct desk {
  explicit desk(timer_options chosen = {}) : how(chosen), agenda(how, now, steady) {}

  static timer_place at(std::chrono::microseconds due, std::string id = "a", std::string name = "t") {
    return {timestamp(1h) + due, 1, std::move(id), std::move(name)};
  }
  void pass(std::chrono::microseconds by) {
    now += by;
    steady += by;
  }
  /// As a commit does it: stored, then told.
  void set(timer_place const& place) {
    index.insert(place);
    agenda.set(place);
  }
  void cancel(timer_place const& place) {
    index.erase(place);
    agenda.cancel(place.type, place.id, place.name);
  }
  /// Reads pages as long as some are wanted. @returns how many.
  int read() {
    int pages = 0;
    while (auto const wanted = agenda.next_page(now, steady)) {
      deliver(*wanted);
      if (++pages > 1'000) throw std::runtime_error("pages without end");
    }
    return pages;
  }
  void deliver(timer_agenda::page const& wanted) {
    std::vector<timer_place> found;
    bool whole = true;
    for (auto each = index.upper_bound(wanted.after); each != index.end() && each->due <= wanted.until; ++each) {
      if (found.size() == wanted.limit) {
        whole = false;
        break;
      }
      found.push_back(*each);
    }
    agenda.page_read(std::move(found), whole);
  }
  std::vector<timer_place> take() {
    read();
    auto due = agenda.take_due(now, steady);
    for (auto const& each : due)
      if (each.due > now) throw std::runtime_error("early");
    return due;
  }
  /// Everything that is due, each done at once, as the batch with its effect would: gone from the index, told, answered.
  std::vector<timer_place> fire_all() {
    std::vector<timer_place> all;
    for (auto due = take(); !due.empty(); due = take())
      for (auto const& each : due) {
        cancel(each);
        agenda.fired(each);
        all.push_back(each);
      }
    return all;
  }

  timer_options how;
  timestamp now{1h};
  std::chrono::nanoseconds steady{5s};
  std::set<timer_place> index;
  timer_agenda agenda;
};

inline timer_options small() {
  timer_options how;
  how.max_near = 10;
  how.max_in_flight = 4;
  how.max_failing = 3;
  how.late_per_second = 1'000'000;
  return how;
}

inline failure broken(errc code = errc::user_code_failed) {
  return {code, "as the test says", {}, {}, {}};
}

using places = std::vector<timer_place>;

}  // namespace evoke::tests
