#include "persistence/store_copy.hpp"

#include "persistence/rocksdb_store.hpp"

#include <string>
#include <system_error>

namespace evoke::persistence {
namespace {

namespace fs = std::filesystem;

result<void> failed(std::string const& doing, std::error_code why) {
  return fail(errc::io_error, doing + ": " + why.message());
}

result<void> copy_bytes(fs::path const& from, fs::path const& to) {
  std::error_code problem;
  fs::copy_file(from, to, problem);
  return problem ? failed("cannot copy " + from.string(), problem) : result<void>{};
}

result<void> link_or_copy(fs::path const& from, fs::path const& to) {
  std::error_code problem;
  fs::create_hard_link(from, to, problem);
  return problem ? copy_bytes(from, to) : result<void>{};
}

/// The database needs no more than these; its own lock and its logs stay behind.
bool belongs(fs::path const& file) {
  auto const name = file.filename().string();
  return name != "LOCK" && !name.starts_with("LOG");
}

}  // namespace

result<void> copy_store(fs::path const& from, fs::path const& to) {
  store_paths const source(from);
  store_paths const target(to);
  std::error_code problem;
  if (!fs::exists(source.database / "CURRENT", problem)) return fail(errc::invalid_argument, "there is no store in " + from.string());
  if (fs::exists(to, problem)) return fail(errc::invalid_argument, to.string() + " is there already: name a directory that is not");
  store_lock held;
  if (fs::exists(source.lock, problem)) {
    auto taken = store_lock::take(source.lock);
    if (!taken) return fail(taken.error());
    held = std::move(*taken);
  }
  fs::create_directories(target.database, problem);
  if (problem) return failed("cannot create " + target.database.string(), problem);
  for (fs::directory_iterator at(source.database, problem), end; !problem && at != end; at.increment(problem)) {
    auto const& file = at->path();
    if (!belongs(file)) continue;
    auto const into = target.database / file.filename();
    if (auto done = file.extension() == ".sst" ? link_or_copy(file, into) : copy_bytes(file, into); !done) return done;
  }
  if (problem) return failed("cannot read " + source.database.string(), problem);
  return fs::exists(source.mark, problem) ? copy_bytes(source.mark, target.mark) : result<void>{};
}

}  // namespace evoke::persistence
