#include "store_checks.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

namespace evoke::persistence::test {
namespace {

struct found_events {
  std::vector<std::string> log;
  std::map<std::pair<name_id, std::string>, std::vector<std::string>> streams;
  std::vector<event_id> ids;
};

std::optional<std::string> read_whole_log(journal const& store, found_events& out) {
  auto const end = store.scan_log({}, UINT64_MAX, {}, [&](event_view const& event) {
    out.log.push_back(line_of(event));
    out.streams[{event.stream_type, std::string(event.stream_id)}].push_back(out.log.back());
    out.ids.push_back(event.id);
    return true;
  });
  if (!end) return end.error().message;
  if (out.log.size() != store.head().value()) return "the log holds " + std::to_string(out.log.size()) + " events";
  return std::nullopt;
}

std::optional<std::string> compare_streams(journal const& store, found_events const& events) {
  for (auto const& [key, lines] : events.streams) {
    stream_ref const stream{key.first, key.second};
    std::vector<std::string> got;
    auto const read = store.scan_stream(stream, version{1}, [&](event_view const& event) {
      got.push_back(line_of(event));
      return true;
    });
    if (!read) return read.error().message;
    if (got != lines) return "stream " + key.second + " differs from the log";
    auto const head = store.head_of(stream);
    if (!head) return head.error().message;
    if (head->version.value() != lines.size()) return "stream " + key.second + " has another head";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_fault(journal const& store) {
  found_events events;
  if (auto fault = read_whole_log(store, events)) return fault;
  if (auto fault = compare_streams(store, events)) return fault;
  for (std::size_t i = 0; i < events.ids.size(); i += 1 + events.ids.size() / 50) {
    std::string got;
    auto const found = store.find_event(events.ids[i], [&](event_view const& event) {
      got = line_of(event);
      return true;
    });
    if (!found) return found.error().message;
    if (got != events.log[i]) return "another event has the id of position " + std::to_string(i + 1);
  }
  std::map<name_id, std::size_t> counts;
  for (auto const& [key, lines] : events.streams) ++counts[key.first];
  for (auto const& [type, count] : counts) {
    auto const page = store.list_streams(type, "", SIZE_MAX);
    if (!page) return page.error().message;
    if (page->ids.size() != count) return "listing has " + std::to_string(page->ids.size()) + " streams of " + std::to_string(count);
    resolved_filter filter;
    filter.types = {type};
    std::size_t matching = 0;
    auto const scan = store.scan_log({}, UINT64_MAX, filter, [&](event_view const&) { return ++matching > 0; });
    if (!scan) return scan.error().message;
    std::size_t wanted = 0;
    for (auto const& [key, lines] : events.streams)
      if (key.first == type) wanted += lines.size();
    if (matching != wanted) return "postings lead to " + std::to_string(matching) + " events of " + std::to_string(wanted);
  }
  return std::nullopt;
}

std::vector<std::filesystem::path> files_of(std::filesystem::path const& store, std::string const& extension) {
  std::vector<std::filesystem::path> out;
  for (auto const& each : std::filesystem::directory_iterator(store / "journal"))
    if (each.path().extension() == extension) out.push_back(each.path());
  std::sort(out.begin(), out.end());
  return out;
}

std::string read_file(std::filesystem::path const& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write_file(std::filesystem::path const& path, std::string const& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
}

void flip_bit(std::filesystem::path const& path, std::uint64_t bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(bit / 8));
  auto const byte = static_cast<char>(file.get() ^ (1 << (bit % 8)));
  file.seekp(static_cast<std::streamoff>(bit / 8));
  file.put(byte);
}

void copy_store(std::filesystem::path const& from, std::filesystem::path const& to) {
  namespace fs = std::filesystem;
  // The engine flushes and deletes in the background: a copy counts only when no file came or went meanwhile and the manifest stood still.
  auto const listing = [&] {
    std::map<std::string, std::uintmax_t> files;
    for (auto const& each : fs::recursive_directory_iterator(from)) {
      auto const name = each.path().lexically_relative(from).string();
      std::error_code gone;
      files[name] = name.find("MANIFEST") != std::string::npos ? fs::file_size(each.path(), gone) : 0;
    }
    return files;
  };
  for (int tries = 0; tries < 1'000; ++tries) {
    std::error_code moved;
    fs::remove_all(to);
    fs::create_directories(to);
    auto const before = listing();
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, moved);
    if (!moved && listing() == before) return;
  }
  throw std::runtime_error("the store never stood still: " + from.string());
}

}  // namespace evoke::persistence::test
