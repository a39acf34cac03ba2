#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

// Included by the sources of this room alone.
namespace prometheus {
class Registry;
}  // namespace prometheus

namespace infra::metrics {

// How long requests took, a histogram for each kind of exchange. The histogram of a kind is looked
// up without putting labels together. Any thread.
class Exchanges {
 public:
  // `registry` must outlive it; `kinds_max` is how many kinds it tells apart.
  Exchanges(prometheus::Registry& registry, std::size_t kinds_max);
  ~Exchanges();
  Exchanges(const Exchanges&) = delete;
  Exchanges& operator=(const Exchanges&) = delete;

  void observe(std::string_view method,
               std::string_view route,
               int status,
               std::chrono::nanoseconds duration);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace infra::metrics
