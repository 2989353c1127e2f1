#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/runtime/ledger_views.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration)

/// Kills a process that projects poisoned events, retries and skips them and rebuilds, at random moments, again and again on the same
/// store, and compares after each kill the documents with a fresh fold of the journal. Exits 1 at the first difference.
///
///     dead_letter_kill KILLS [SEED]
///
/// 1. As it comes up again: ledgers without poisoned events are their fold, byte for byte.
/// 2. Poison healed and every row retried: the others lack nothing but poisoned events (that were skipped), whole numbers of them.
/// 3. Rebuilt: every document is its fold, byte for byte.
namespace {

using namespace evoke;
using namespace std::chrono_literals;

template <class T>
T must(result<T> got) {
  if (!got) throw std::runtime_error(std::string(name_of(got.error().code)) + ": " + got.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

/// Options of both processes.
runtime_options options_for(std::filesystem::path const& store) {
  runtime_options options;
  options.data = store;
  options.durability = durability::os;
  options.min_free_disk_bytes = 0;
  options.workers = 1;
  options.memtable_bytes = 4 * 1024 * 1024;
  options.projections.first_retry_delay = 1ms;
  options.projections.max_retry_delay = 1ms;
  return options;
}

/// Handles one dead letter, or a row.
void handle_letters(runtime& rt, std::mt19937_64& random) {
  auto const page = rt.dead_letters("ledgers", 0, 10).get();
  if (!page || page->letters.empty()) return;
  auto const& letter = page->letters[random() % page->letters.size()];
  if (!letter.first) return;
  if (random() % 2 == 0) {
    ledgers::doing().poison = 0;
    static_cast<void>(rt.retry_dead_letter("ledgers", letter.number, true).get());
    ledgers::doing().poison = ledgers::kPoison;
  } else {
    static_cast<void>(rt.skip_dead_letter("ledgers", letter.number).get());
  }
}

/// What the process does that is killed: everything, for ever.
int project_for_ever(std::filesystem::path const& store, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  auto options = options_for(store);
  options.projections.batch_events = 200;
  options.projections.memtable_bytes = 1024 * 1024;  // flushes of their own, at any time
  options.projections.flush_interval = 1s;
  ledgers::doing().poison = ledgers::kPoison;
  auto const rt = must(runtime::start(ledgers::types_with_views(), options));
  std::printf("began\n");
  std::fflush(stdout);
  for (;;) {
    if (random() % 100 == 0) handle_letters(*rt, random);
    if (random() % 400 == 0) must(rt->rebuild_projection("ledgers").get());
    auto const ledger = rt->of<ledgers::ledger>("l-" + std::to_string(random() % 40));
    auto const amount = random() % 100 == 0 ? ledgers::kPoison : static_cast<std::int64_t>(1 + random() % 9);
    auto const end = ledger.execute(ledgers::book{amount, static_cast<std::int64_t>(1 + random() % 5)}).get();
    if (end.rejected()) static_cast<void>(ledger.execute(ledgers::open_ledger{"owner-" + std::to_string(random() % 5)}).get());
  }
}

class child {
 public:
  child(std::filesystem::path const& store, std::uint64_t seed) {
    int output[2];
    if (::pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    std::string program = "/proc/self/exe";
    std::string role = "project";
    std::string path = store.string();
    std::string number = std::to_string(seed);
    char* arguments[] = {program.data(), role.data(), path.data(), number.data(), nullptr};
    int const problem = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(output[1]);
    output_ = ::fdopen(output[0], "r");
    if (problem != 0) throw std::runtime_error("cannot start " + program);
    if (line() != "began") throw std::runtime_error("the process did not begin");
  }
  ~child() {
    kill();
    std::fclose(output_);
  }
  child(child const&) = delete;
  child& operator=(child const&) = delete;

  void kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  /// The next line, empty at the end.
  std::string line() {
    char text[128];
    if (std::fgets(text, sizeof text, output_) == nullptr) return {};
    std::string all(text);
    all.pop_back();
    return all;
  }

 private:
  int pid_ = -1;
  std::FILE* output_ = nullptr;
};

/// Documents by key, each as its JSON.
using documents = std::map<std::string, std::string>;

documents stored(runtime& rt) {
  documents all;
  view_query asked{.projection = "ledgers", .limit = 1'000};
  for (;;) {
    auto page = must(rt.query(asked).get());
    for (auto& each : page.documents) all.emplace(std::move(each.key), std::move(each.json));
    if (!page.next) return all;
    asked.cursor = *page.next;
  }
}

struct fold {
  std::map<std::string, ledgers::ledger_view> ledgers;
  std::map<std::string, std::int64_t> poisoned;  ///< how many poisoned events a ledger has, where it has some
};

/// The log folded without projections and their store.
fold folded(runtime& rt) {
  fold all;
  log_request asked{.limit = 1'000};
  for (;;) {
    auto const page = must(rt.read_log(asked).get());
    for (auto const& event : page.events) {
      auto& document = all.ledgers[event.stream_id.str()];
      if (event.type.str() == "ledger_opened") {
        document.owner = must(json::decode<ledgers::ledger_opened>(event.data)).owner;
      } else {
        auto const amount = must(json::decode<ledgers::booked>(event.data)).amount;
        if (amount == ledgers::kPoison) ++all.poisoned[event.stream_id.str()];
        document.sum += amount;
        ++document.bookings;
        document.last = event.time;
      }
    }
    if (page.at_end) return all;
    asked.after = page.next_after;
  }
}

std::string text_of(ledgers::ledger_view const& document) {
  std::string text;
  must(json::append(text, document));
  return text;
}

void fail_with(std::string const& id, std::string const& is, std::string const& wanted, char const* when) {
  throw std::runtime_error("ledger " + id + " differs " + when + ":\n  is     " + is + "\n  wanted " + wanted);
}

void wait_for_head(runtime& rt) {
  auto const end = rt.wait_for("ledgers", rt.info().head, 60s).get();
  // Blocked = passed, and the last event's ledger has letters.
  if (!end && end.error().code != errc::projection_blocked) must(end);
}

void check_as_it_comes_up(runtime& rt, fold const& wanted) {
  auto const now = stored(rt);
  for (auto const& [id, document] : wanted.ledgers) {
    if (wanted.poisoned.contains(id)) continue;
    auto const found = now.find(id);
    if (found == now.end() || found->second != text_of(document))
      fail_with(id, found == now.end() ? "absent" : found->second, text_of(document), "behind the kill");
  }
}

void retry_all(runtime& rt) {
  for (;;) {
    auto const page = must(rt.dead_letters("ledgers", 0, 1).get());
    if (page.letters.empty()) return;
    auto const end = rt.retry_dead_letter("ledgers", page.letters[0].number, true).get();
    // A rebuild that the kill interrupted may end in between: its generation has no letters.
    if (!end && end.error().code != errc::not_found) must(end);
    if (end && !end->error.empty()) throw std::runtime_error("a healed event fails: " + end->error);
  }
}

void check_skipped(runtime& rt, fold const& wanted) {
  auto const now = stored(rt);
  for (auto const& [id, poisoned] : wanted.poisoned) {
    auto const& full = wanted.ledgers.at(id);
    auto const found = now.find(id);
    if (found == now.end()) fail_with(id, "absent", text_of(full), "behind retrying");
    auto const is = must(json::decode<ledgers::ledger_view>(found->second));
    auto const skipped = full.bookings - is.bookings;
    if (skipped < 0 || skipped > poisoned || full.sum - is.sum != skipped * ledgers::kPoison)
      fail_with(id, found->second, text_of(full), "behind retrying, by more than skipped events");
  }
}

void rebuild(runtime& rt) {
  auto const before = must(rt.projection("ledgers").get()).generation;
  must(rt.rebuild_projection("ledgers").get());
  auto const until = std::chrono::steady_clock::now() + 60s;
  for (;;) {
    auto const now = must(rt.projection("ledgers").get());
    if (now.generation > before && !now.rebuild) return;
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error("the rebuild does not end");
    std::this_thread::sleep_for(1ms);
  }
}

void check_rebuilt(runtime& rt, fold const& wanted) {
  auto const now = stored(rt);
  if (now.size() != wanted.ledgers.size()) throw std::runtime_error("the rebuilt view has another number of documents");
  for (auto const& [id, document] : wanted.ledgers)
    if (now.at(id) != text_of(document)) fail_with(id, now.at(id), text_of(document), "behind the rebuild");
}

/// @returns the position that was checked.
std::uint64_t check(std::filesystem::path const& store) {
  auto const rt = must(runtime::start(ledgers::types_with_views(), options_for(store)));
  auto const wanted = folded(*rt);
  wait_for_head(*rt);
  check_as_it_comes_up(*rt, wanted);
  retry_all(*rt);
  check_skipped(*rt, wanted);
  rebuild(*rt);
  check_rebuilt(*rt, wanted);
  return rt->info().head.value();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  if (std::string(argv[1]) == "project") return argc == 4 ? project_for_ever(argv[2], std::strtoull(argv[3], nullptr, 10)) : 2;
  auto const kills = std::strtoull(argv[1], nullptr, 10);
  std::uint64_t const seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device{}();
  std::printf("%llu kills, seed %llu\n", static_cast<unsigned long long>(kills), static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  auto const store = std::filesystem::temp_directory_path() / ("evoke-kill-" + std::to_string(seed) + "-" + std::to_string(::getpid()));
  int end = 0;
  try {
    for (std::uint64_t i = 1; i <= kills; ++i) {
      {
        child projecting(store, random());
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 700));  // the moment of the kill is what is random here
        projecting.kill();
      }
      auto const head = check(store);
      std::printf("%llu: equal to a fold of %llu events\n", static_cast<unsigned long long>(i), static_cast<unsigned long long>(head));
      std::fflush(stdout);
      // A long journal says nothing more and takes longer to fold.
      if (head > 60'000) std::filesystem::remove_all(store);
    }
  } catch (std::exception const& wrong) {
    std::printf("%s\n", wrong.what());
    end = 1;
  }
  std::error_code ignored;
  if (end == 0) std::filesystem::remove_all(store, ignored);
  return end;
}
