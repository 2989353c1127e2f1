#include "persistence/expiry_filter.hpp"

#include "persistence/keys.hpp"
#include "persistence/row_codec.hpp"

namespace evoke::persistence {
namespace {

class expiry_filter final : public rocksdb::CompactionFilter {
 public:
  explicit expiry_filter(timestamp oldest) : oldest_(oldest) {}

  [[nodiscard]] char const* Name() const override { return "evoke.idempotency_expiry"; }
  bool Filter(int, rocksdb::Slice const& key, rocksdb::Slice const& value, std::string*, bool*) const override {
    timestamp decided{};
    if (is_internal_key(key_in_command_row({key.data(), key.size()}))) return false;
    return command_time({value.data(), value.size()}, decided) && decided < oldest_;
  }

 private:
  timestamp oldest_;
};

}  // namespace

std::unique_ptr<rocksdb::CompactionFilter> expiry_filter_factory::CreateCompactionFilter(rocksdb::CompactionFilter::Context const&) {
  return std::make_unique<expiry_filter>(clock_->now() - expiry_);
}

}  // namespace evoke::persistence
