#include "server/domains.hpp"

#include <evoke/admin.hpp>

#include <CLI/CLI.hpp>

#include <iostream>

namespace {

/// How the program ends.
enum exit_code : int { fine = 0, found_something = 1, cannot_look = 2 };

int complain(evoke::failure const& why) {
  std::cerr << "evoke-admin: " << why.message << '\n';
  return cannot_look;
}

void print(evoke::upgrade_report const& report) {
  for (auto const& each : report.findings) {
    std::cout << name_of(each.what) << ": ";
    if (!each.aggregate_id.empty()) std::cout << each.aggregate_type << '/' << each.aggregate_id << ": ";
    std::cout << each.text << '\n';
  }
  if (report.found > report.findings.size()) std::cout << "... and " << report.found - report.findings.size() << " more\n";
  std::cout << report.aggregates << " aggregates replayed, " << report.snapshots << " with a snapshot";
  if (report.compared + report.not_comparable > 0) std::cout << ", " << report.compared << " compared with saved states";
  if (report.not_comparable > 0) std::cout << ", " << report.not_comparable << " saved with other fields";
  std::cout << "; " << report.found << " findings\n";
}

int check(evoke::upgrade_check how, bool quiet) {
  auto const types = server::domain_types();
  if (!types) return complain(types.error());
  if (!quiet)
    how.on_progress = [](evoke::upgrade_progress const& now) {
      std::cerr << now.aggregates << " aggregates replayed, now " << now.type << '\n';
    };
  auto const report = evoke::check_upgrade(*types, how);
  if (!report) return complain(report.error());
  print(*report);
  return report->found == 0 ? fine : found_something;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Looks after stores of the sample domains.", "evoke-admin");
  program.require_subcommand(1);
  evoke::upgrade_check how;
  bool quiet = false;
  auto* const verb = program.add_subcommand("check-upgrade", "Replays a copy of a store with the domains of this program");
  verb->add_option("DATA_DIR", how.data, "The store; only read, but no program may have it open")->required();
  verb->add_option("--save", how.save, "Write the hash of every state to this file");
  verb->add_option("--compare", how.compare, "Compare with what an earlier program saved in this file");
  verb->add_option("--scratch", how.scratch, "Make the copy here instead of beside DATA_DIR");
  verb->add_option("--threads", how.threads, "Replay on so many; 0 = one a processor")->capture_default_str();
  verb->add_option("--max-findings", how.max_findings, "Print so many, count the rest")->capture_default_str();
  verb->add_flag("--quiet", quiet, "Do not say how far it is");
  try {
    program.parse(argc, argv);
  } catch (CLI::ParseError const& said) {
    return program.exit(said) == 0 ? fine : cannot_look;
  }
  try {
    return check(std::move(how), quiet);
  } catch (std::exception const& error) {
    return complain({evoke::errc::io_error, error.what(), {}, {}, {}});
  }
}
