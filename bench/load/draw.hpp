#pragma once

#include "bench/load/workload.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace evoke::load {

/// Draws operations of a mix, with their keys and whatever their placeholders need. One thread; several draw side by side without meeting
/// when each is given a `lane` of its own.
class operation_draw {
 public:
  struct plan {
    workload const& work;
    key_distribution keys;
    std::uint64_t payload_bytes = 0;
    std::uint64_t seed = 1;
    std::uint64_t lane = 0;
    std::uint64_t lanes = 1;
  };
  /// `work` must outlive this.
  explicit operation_draw(plan of);

  /// The next one: its index in workload::operations. What values() tells from now on belongs to it.
  [[nodiscard]] std::size_t next();
  /// Not drawn but named: key by key, for preparing.
  void take(std::uint64_t key_number);

  [[nodiscard]] placeholder_values values();

 private:
  plan of_;
  random_source random_;
  std::vector<double> up_to_;  ///< running sums of the weights
  std::string filler_;         ///< payloads are cut from it
  std::string key_;
  std::uint64_t key_number_ = 0;
  std::uint64_t counter_;
};

}  // namespace evoke::load
