#include "profile_service.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace users {
namespace {

using refused = std::unexpected<profile_refusal>;

refused refuse(profile_fault fault, std::string message) {
  return refused({fault, std::move(message)});
}

struct easy_handle {
  CURL* curl = ::curl_easy_init();
  easy_handle() = default;
  ~easy_handle() { ::curl_easy_cleanup(curl); }
  easy_handle(easy_handle const&) = delete;
  easy_handle& operator=(easy_handle const&) = delete;
};

/// What arrives of one answer.
struct answer {
  std::string body;
  std::size_t most = 0;
  bool too_large = false;
};

std::size_t take(char* bytes, std::size_t, std::size_t count, void* into) {
  auto& here = *static_cast<answer*>(into);
  here.too_large = here.too_large || count > here.most - here.body.size();
  if (here.too_large) return 0;  // ends the transfer
  here.body.append(bytes, count);
  return count;
}

int stop_if_asked(void* stopping, ::curl_off_t, ::curl_off_t, ::curl_off_t, ::curl_off_t) {
  return static_cast<std::atomic<bool> const*>(stopping)->load() ? 1 : 0;
}

/// The login is somebody else's text: as one segment of a path it can lead nowhere else.
std::string path_segment(CURL* curl, std::string const& text) {
  char* escaped = ::curl_easy_escape(curl, text.data(), static_cast<int>(text.size()));
  std::string made = escaped != nullptr ? escaped : "";
  ::curl_free(escaped);
  return made;
}

profile_result read_answer(std::string const& body) {
  evoke::json::document document;
  auto const root = document.parse(body);
  auto read = root ? read_profile(*root) : evoke::result<profile>(std::unexpected(root.error()));
  if (!read) return refuse(profile_fault::bad_answer, "the answer is no profile: " + read.error().message);
  return std::move(*read);
}

bool may_pass(profile_result const& end) {
  return !end && (end.error().fault == profile_fault::unavailable || end.error().fault == profile_fault::timed_out);
}

}  // namespace

class profile_service::impl {
 public:
  explicit impl(profile_service_options options) : options_(std::move(options)) {
    while (options_.base_url.ends_with('/')) options_.base_url.pop_back();
    threads_.reserve(options_.threads);
    for (std::uint32_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
  }
  ~impl() {
    {
      std::lock_guard const locked(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (auto& each : threads_) each.join();
    for (auto& each : waiting_) each.done(refuse(profile_fault::unavailable, "this server is stopping"));
  }
  impl(impl const&) = delete;
  impl& operator=(impl const&) = delete;

  void look_up(std::string login, evoke::callback<profile_result> done) {
    {
      std::lock_guard const locked(mutex_);
      if (waiting_.size() < options_.max_waiting) {
        waiting_.push_back({std::move(login), std::move(done)});
        changed_.notify_one();
        return;
      }
    }
    done(refuse(profile_fault::overloaded, "too many are waiting for their profiles"));
  }

 private:
  struct job {
    std::string login;
    evoke::callback<profile_result> done;
  };

  void work() {
    easy_handle const handle;  // one a thread: it keeps the connection for the next look-up
    while (true) {
      std::unique_lock locked(mutex_);
      changed_.wait(locked, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      locked.unlock();
      next.done(try_hard(handle.curl, next.login));
    }
  }

  profile_result try_hard(CURL* curl, std::string const& login) {
    auto pause = options_.backoff;
    for (std::uint32_t left = options_.attempts; true; pause *= 2) {
      auto end = ask(curl, login);
      if (!may_pass(end) || --left == 0) return end;
      std::unique_lock locked(mutex_);
      if (changed_.wait_for(locked, pause, [this] { return stopping_.load(); })) return end;
    }
  }

  profile_result ask(CURL* curl, std::string const& login) {
    if (curl == nullptr) return refuse(profile_fault::unavailable, "no HTTP client could be made");
    ::curl_easy_reset(curl);  // keeps connections
    answer got;
    got.most = options_.max_answer_bytes;
    auto const url = options_.base_url + "/users/" + path_segment(curl, login);
    ::curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    ::curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    ::curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // signals are the program's
    ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    ::curl_easy_setopt(curl, CURLOPT_USERAGENT, "evoke-server");
    ::curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take);
    ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, &got);
    ::curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    ::curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &stop_if_asked);
    ::curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stopping_);
    auto const code = ::curl_easy_perform(curl);
    if (got.too_large) return refuse(profile_fault::bad_answer, "the answer is too long for a profile");
    if (code == CURLE_OPERATION_TIMEDOUT) return refuse(profile_fault::timed_out, "the profile source did not answer in time");
    if (code != CURLE_OK) return refuse(profile_fault::unavailable, ::curl_easy_strerror(code));
    long status = 0;
    ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) return read_answer(got.body);
    if (status == 404) return refuse(profile_fault::not_found, "nobody is called so");
    auto const said = "the profile source answered with status " + std::to_string(status);
    return refuse(status == 429 || status >= 500 ? profile_fault::unavailable : profile_fault::bad_answer, said);
  }

  profile_service_options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> waiting_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

profile_service::profile_service(std::unique_ptr<impl> made) : impl_(std::move(made)) {}
profile_service::~profile_service() = default;

evoke::result<std::unique_ptr<profile_source>> profile_service::start(profile_service_options options) {
  auto const& url = options.base_url;
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return evoke::fail(evoke::errc::invalid_argument, "'" + url + "' is no http:// or https:// URL");
  }
  if (options.attempts == 0 || options.threads == 0 || options.timeout.count() <= 0 || options.backoff.count() < 0) {
    return evoke::fail(evoke::errc::invalid_argument, "attempts, threads and timeout must be more than 0");
  }
  static auto const ready = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return evoke::fail(evoke::errc::io_error, ::curl_easy_strerror(ready));
  return std::unique_ptr<profile_source>(new profile_service(std::make_unique<impl>(std::move(options))));
}

void profile_service::look_up(std::string login, evoke::callback<profile_result> done) {
  // As segments of a path these three mean something else than a user.
  if (login.empty() || login == "." || login == "..") return done(refuse(profile_fault::not_found, "nobody can be called so"));
  impl_->look_up(std::move(login), std::move(done));
}

}  // namespace users
