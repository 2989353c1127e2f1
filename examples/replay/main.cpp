#include "replay/progress.hpp"
#include "replay/replay.hpp"
#include "replay/report.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

namespace {

enum exit_code { everything_agrees = 0, something_differs = 1, bad_arguments = 2 };

struct arguments {
  std::string file;
  std::string url = "http://127.0.0.1:8080";
  std::uint32_t connections = 16;
  std::uint32_t wait_server_s = 30;
  bool quiet = false;
};

void define(CLI::App& app, arguments& given) {
  app.add_option("FILE", given.file, "CSV file with the columns InvoiceNo, StockCode, Description, Quantity, UnitPrice and CustomerID")
      ->required();
  app.add_option("--url", given.url, "where evoke-server listens")->capture_default_str();
  app.add_option("--connections", given.connections, "invoices that are replayed at the same time")
      ->check(CLI::Range(1U, 1000U))  // each is an open file, of which 1,024 are the usual limit
      ->capture_default_str();
  app.add_option("--wait-server", given.wait_server_s, "seconds after which a server that does not answer is given up")
      ->check(CLI::Range(0U, 86'400U))
      ->capture_default_str();
  app.add_flag("--quiet", given.quiet, "no progress, only the result");
  app.failure_message(
      [](CLI::App const*, CLI::Error const& error) { return std::string("evoke-replay: ") + error.what() + "; see --help\n"; });
  app.footer(
      "Each invoice becomes a cart, each line an add_cart_item, and a cart that holds anything is checked out. A second run, or one after "
      "an\n"
      "interruption, writes nothing twice. At the end every cart is read back and compared with the file, and so\n"
      "is its document in the read model carts.\n"
      "Exit code: 0 everything agrees, 1 something differs or could not be delivered, 2 bad arguments or a file that cannot be read.");
}

int complain(int code, std::string const& what) {
  std::cerr << "evoke-replay: " << what << '\n';
  return code;
}

evoke::result<replay::order_file> read_file(std::string const& name) {
  std::error_code ignored;  // what cannot be looked at cannot be opened either
  if (std::filesystem::is_directory(name, ignored)) return evoke::fail(evoke::errc::io_error, "it is a directory");
  std::ifstream in(name, std::ios::binary);
  if (!in) return evoke::fail(evoke::errc::io_error, "it cannot be opened");
  try {
    return replay::read_orders(in);
  } catch (std::ios_base::failure const& error) {  // the standard library's file buffers throw where a disk does not read
    return evoke::fail(evoke::errc::io_error, error.what());
  }
}

int replay_file(arguments const& given) {
  auto server = replay::parse_url(given.url);
  if (!server) return complain(bad_arguments, "--url: " + server.error().message);
  auto const orders = read_file(given.file);
  if (!orders) return complain(bad_arguments, given.file + ": " + orders.error().message);

  replay::replay_options options;
  options.server = std::move(*server);
  options.connections = given.connections;
  options.how_long.give_up_after = std::chrono::seconds(given.wait_server_s);
  std::optional<replay::progress> lines;
  std::optional<replay::progress> carts;
  std::optional<replay::progress> documents;
  if (!given.quiet) {
    options.on_lines = [&](auto done, auto all) {
      if (!lines) lines.emplace(stderr, "replaying lines");
      lines->show(done, all);
    };
    options.on_carts = [&](auto done, auto all) {
      lines.reset();
      if (!carts) carts.emplace(stderr, "reading carts back");
      carts->show(done, all);
    };
    options.on_documents = [&](auto done, auto all) {
      carts.reset();
      if (!documents) documents.emplace(stderr, "reading the view");
      documents->show(done, all);
    };
  }
  auto const report = replay::run(*orders, options);
  lines.reset();
  carts.reset();
  documents.reset();
  if (!report) return complain(something_differs, given.url + ": " + report.error().message);
  std::cout << replay::describe(*report, *orders, given.file) << std::flush;
  return report->counts.differences.empty() ? everything_agrees : something_differs;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Drives a running evoke-server with retail order lines and checks that its carts agree with the file.", "evoke-replay");
  arguments given;
  define(app, given);
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? everything_agrees : bad_arguments;
  }
  try {
    return replay_file(given);
  } catch (std::exception const& error) {
    return complain(something_differs, error.what());
  }
}
