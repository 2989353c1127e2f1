#include "model/test_difference.hpp"

#include <evoke/json/document.hpp>
#include <evoke/json/writer.hpp>

namespace evoke::testing::detail {
namespace {

std::string text_of(json::value from) {
  std::string text;
  json::writer{text}.copy(from);
  return text;
}

std::string at(json::value where, std::string_view says) {
  auto pointer = where.pointer();
  return (pointer.empty() ? "the whole" : pointer).append(": ").append(says);
}

std::string compare(json::value expected, json::value actual);

std::string compare_objects(json::value expected, json::value actual) {
  for (auto const& [name, each] : expected.members()) {
    auto const found = actual.find(name);
    if (!found) return at(each, "expected " + text_of(each) + ", is absent");
    if (auto difference = compare(each, *found); !difference.empty()) return difference;
  }
  for (auto const& [name, each] : actual.members())
    if (!expected.find(name)) return at(each, "expected to be absent, is " + text_of(each));
  return {};
}

std::string compare_arrays(json::value expected, json::value actual) {
  auto theirs = actual.elements().begin();
  auto const end = actual.elements().end();
  for (auto const each : expected.elements()) {
    if (theirs == end) return at(each, "expected " + text_of(each) + ", but there are only " + std::to_string(actual.size()));
    if (auto difference = compare(each, *theirs); !difference.empty()) return difference;
    ++theirs;
  }
  return theirs == end ? std::string() : at(*theirs, "expected no more, is " + text_of(*theirs));
}

std::string compare(json::value expected, json::value actual) {
  if (expected.kind() == actual.kind()) {
    if (expected.is_object()) return compare_objects(expected, actual);
    if (expected.is_array()) return compare_arrays(expected, actual);
  }
  auto const wanted = text_of(expected);
  auto const is = text_of(actual);
  return wanted == is ? std::string() : at(expected, "expected " + wanted + ", is " + is);
}

}  // namespace

std::string first_difference(std::string_view expected, std::string_view actual) {
  if (expected == actual) return {};
  json::document first;
  json::document second;
  auto const wanted = first.parse(expected);
  auto const is = second.parse(actual);
  if (!wanted || !is) return "expected " + std::string(expected) + ", is " + std::string(actual);
  if (auto difference = compare(*wanted, *is); !difference.empty()) return difference;
  return "only the order of fields differs: expected " + std::string(expected) + ", is " + std::string(actual);
}

}  // namespace evoke::testing::detail
