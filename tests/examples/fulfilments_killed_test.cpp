#include "http_client.hpp"
#include "server_process.hpp"

#include "orders/order_fulfilment.hpp"

#include <evoke/json.hpp>
#include <evoke/process_instance.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

using namespace orders;
using evoke::process_status;

namespace {

using clock_type = std::chrono::steady_clock;

std::uint64_t number_from(char const* variable, std::uint64_t otherwise) {
  auto const* const given = std::getenv(variable);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

/// A server that is killed and started again on the same data, at the same address.
class mortal_server {
 public:
  explicit mortal_server(std::filesystem::path data)
      : data_(std::move(data)), server_(std::make_unique<tests::server_process>(arguments())), listen_(server_->authority()) {}

  void kill_and_restart() {
    server_->process().send(SIGKILL);
    server_.reset();
    server_ = std::make_unique<tests::server_process>(arguments(), listen_);
  }
  [[nodiscard]] std::string url() const { return "http://" + listen_; }

 private:
  [[nodiscard]] std::vector<std::string> arguments() const { return {"--data", data_.string(), "--durability", "os"}; }

  std::filesystem::path data_;
  std::unique_ptr<tests::server_process> server_;
  std::string listen_;
};

/// Sends until there is an answer that is one: the same key makes the repetition the same command.
void insist(std::string const& url, std::string const& type, std::string const& id, std::string const& command, std::string const& body,
            std::set<unsigned> const& fine) {
  auto const until = clock_type::now() + std::chrono::minutes(2);
  for (;;) {
    try {
      replay::http_request request;
      request.method = "POST";
      request.target = "/v1/aggregates/" + type + "/" + id + "/commands/" + command;
      request.headers = {{"Idempotency-Key", "\"" + command + "\""}};
      request.body = body;
      auto const reply = tests::ask(url, request);
      if (fine.contains(reply.status)) return;
      if (reply.status < 500 && reply.status != 409) FAIL(request.target << " was answered " << reply.status << ": " << reply.body);
    } catch (std::runtime_error const&) {  // the server is dead or just going
    }
    if (clock_type::now() > until) FAIL(command << " to " << type << "/" << id << " was not answered");
    std::this_thread::yield();
  }
}

template <class State>
State state_of(std::string const& url, std::string const& type, std::string const& id) {
  auto const reply = tests::get(url, "/v1/aggregates/" + type + "/" + id);
  REQUIRE(reply.status == 200);
  evoke::json::document read;
  auto const root = read.parse(reply.body);
  REQUIRE(root);
  auto state = evoke::json::decode<State>(*root->find("state"));
  REQUIRE(state);
  return std::move(*state);
}

/// Names of a stream's events; none where there is no stream.
std::vector<std::string> story_of(std::string const& url, std::string const& type, std::string const& id) {
  auto const reply = tests::get(url, "/v1/streams/" + type + "/" + id + "?limit=1000");
  std::vector<std::string> names;
  if (reply.status == 404) return names;
  REQUIRE(reply.status == 200);
  evoke::json::document read;
  auto const root = read.parse(reply.body);
  REQUIRE(root);
  auto const events = root->find("events");
  REQUIRE(events);
  for (auto const event : events->elements()) names.emplace_back(*event.find("event_type")->as_string());
  return names;
}

/// What is on its way or waits: {lag, open instances on the first page, blocked}.
bool at_rest(std::string const& url) {
  try {
    auto const reply = tests::get(url, "/v1/processes/order_fulfilment");
    if (reply.status != 200) return false;
    evoke::json::document read;
    auto const root = read.parse(reply.body);
    return root && root->find("instances")->size() == 0 && *root->find("lag_events")->as_integer<std::uint64_t>() == 0 &&
           *root->find("blocked_instances")->as_integer<std::uint64_t>() == 0;
  } catch (std::runtime_error const&) {
    return false;
  }
}

struct shop {
  std::size_t products = 8;
  std::size_t customers = 20;
  std::int64_t stock_of_each = 0;
  std::vector<fulfilment_started> orders{};

  [[nodiscard]] static std::string product(std::size_t i) { return "p-" + std::to_string(i); }
  [[nodiscard]] static std::string customer(std::size_t i) { return "c-" + std::to_string(i); }
  /// Every fifth has little credit.
  [[nodiscard]] static std::int64_t credit(std::size_t i) { return i % 5 == 0 ? 5'000 : 1'000'000'000; }
};

/// Orders for about twice as much as there is.
shop draw_shop(std::size_t count, std::mt19937_64& random) {
  shop made;
  std::int64_t wanted = 0;
  for (std::size_t i = 0; i < count; ++i) {
    fulfilment_started order;
    order.order_id = "o-" + std::to_string(i);
    order.customer_id = shop::customer(random() % made.customers);
    order.shipping_address = "1 Main Street";
    for (auto items = 1 + random() % 3; items > 0; --items) {
      auto const quantity = static_cast<std::int64_t>(1 + random() % 4);
      order.items.push_back({shop::product(random() % made.products), quantity, static_cast<std::int64_t>(100 + random() % 900)});
      wanted += quantity;
    }
    order.total_amount = total_of(order.items);
    made.orders.push_back(std::move(order));
  }
  made.stock_of_each = std::max<std::int64_t>(1, wanted / static_cast<std::int64_t>(2 * made.products));
  return made;
}

std::string wish(fulfilment_started const& order) {
  auto text = evoke::json::encode(start_fulfilment{order.customer_id, {}, {}, order.items, order.shipping_address, {}});
  REQUIRE(text);
  return *text;
}

}  // namespace

// ./dev torture fulfil does it with 10,000 orders.
TEST_CASE("fulfilments over too small a stock balance to the unit, whenever the server is killed") {
  auto const seed = number_from("EVOKE_SEED", std::random_device{}());
  auto const count = number_from("EVOKE_FULFILMENTS", 120);
  auto const kill_after = std::chrono::milliseconds(number_from("EVOKE_KILL_MILLISECONDS", 700));
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  auto const all = draw_shop(count, random);
  tests::scratch_directory const directory;
  mortal_server server(directory.path() / "data");
  auto const url = server.url();

  for (std::size_t i = 0; i < all.products; ++i)
    insist(url, "stock", shop::product(i), "receive_stock", R"({"quantity":)" + std::to_string(all.stock_of_each) + "}", {201});
  for (std::size_t i = 0; i < all.customers; ++i)
    insist(url, "payment", shop::customer(i), "set_credit_limit", R"({"amount":)" + std::to_string(shop::credit(i)) + "}", {201});

  std::atomic<std::size_t> next{0};
  std::atomic<bool> over{false};
  int kills = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      for (auto at = next++; at < all.orders.size(); at = next++)
        insist(url, "fulfilment", all.orders[at].order_id, "start_fulfilment", wish(all.orders[at]), {200, 201});
    });
  // Killed until all is done: after the last order the processes alone go on.
  std::mutex mutex;
  std::condition_variable ended;
  std::thread watch([&] {
    for (auto& each : clients) each.join();
    auto const until = clock_type::now() + std::chrono::minutes(10);
    while (!at_rest(url) && clock_type::now() < until) std::this_thread::yield();
    std::lock_guard const lock(mutex);
    over = true;
    ended.notify_all();
  });
  for (std::unique_lock lock(mutex); !ended.wait_for(lock, kill_after, [&] { return over.load(); });) {
    lock.unlock();
    server.kill_and_restart();
    ++kills;
    lock.lock();
  }
  watch.join();
  REQUIRE(at_rest(url));

  std::map<std::string, std::int64_t> reserved;
  std::map<std::string, std::int64_t> charged;
  std::size_t completed = 0;
  for (auto const& order : all.orders) {
    INFO(order.order_id);
    auto const instance = state_of<evoke::process_instance>(url, "order_fulfilment", order.order_id);
    auto const own = evoke::json::decode<order_fulfilment>(instance.state.json);
    REQUIRE(own);
    auto const story = story_of(url, "order", order.order_id);
    if (instance.status == process_status::completed) {
      ++completed;
      CHECK(own->status == fulfilment_status::COMPLETED);
      CHECK(story == std::vector<std::string>{"order_placed", "order_confirmed"});
      for (auto const& item : order.items) reserved[item.product_id] += item.quantity;
      charged[order.customer_id] += order.total_amount;
    } else {
      CHECK(instance.status == process_status::failed);
      CHECK(own->status == fulfilment_status::FAILED);
      CHECK(story == std::vector<std::string>{"order_placed", "order_cancelled"});
    }
  }
  for (std::size_t i = 0; i < all.products; ++i) {
    auto const now = state_of<stock>(url, "stock", shop::product(i));
    CHECK(now.on_hand == all.stock_of_each);
    CHECK(now.reserved == reserved[shop::product(i)]);
    CHECK(now.reserved <= now.on_hand);
  }
  for (std::size_t i = 0; i < all.customers; ++i) {
    auto const now = state_of<payment>(url, "payment", shop::customer(i));
    CHECK(now.charged == charged[shop::customer(i)]);
    CHECK(now.charged <= shop::credit(i));
  }
  CHECK(completed > 0);
  CHECK(completed < all.orders.size());
  WARN(all.orders.size() << " orders, " << completed << " completed, " << kills << " kills");
}
