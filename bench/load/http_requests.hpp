#pragma once

#include "bench/load/workload.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace evoke::load {

/// The bytes of operations over HTTP. What is the same for all requests of an operation is made once.
class http_requests {
 public:
  /// @param authority for the Host header. @param base_path comes before every path.
  http_requests(std::vector<operation> const& operations, std::string_view authority, std::string_view base_path);

  /// Appends one request.
  void write(std::size_t operation, placeholder_values const& values, std::string& out);

 private:
  struct request {
    operation const* of = nullptr;
    std::string before_id;
    std::string behind_id;
  };
  std::vector<request> requests_;
  std::string body_;
};

}  // namespace evoke::load
