#pragma once

#include <functional>
#include <map>
#include <string>

#include "domain/ports/clock.h"
#include "infra/ingest/arrivals.h"

namespace tests {

// An honest place for arriving files, in memory and with generations, as a bucket has them.
class MemoryArrivals final : public infra::ingest::Arrivals {
 public:
  struct File {
    std::string bytes;
    core::Timestamp since;
    std::int64_t generation;
  };
  using Files = std::map<std::string, File>;

  // `clock` must outlive it.
  explicit MemoryArrivals(ports::Clock& clock) : clock_(clock) {}

  // As whoever leaves files there: what had the name is gone.
  void put(const std::string& name, const std::string& bytes);
  [[nodiscard]] const Files& on(infra::ingest::Shelf shelf) { return shelves_[shelf]; }
  // Called before and after everything that happens there; what it throws breaks off right there.
  std::function<void()> on_step = [] {};

  void list(infra::ingest::Shelf shelf, const Sink& sink) override;
  [[nodiscard]] std::optional<std::string> read(const infra::ingest::Arrival& arrival) override;
  [[nodiscard]] bool accept(const infra::ingest::Arrival& arrival) override;
  [[nodiscard]] bool reject(const infra::ingest::Arrival& arrival,
                            std::string_view reason) override;
  void remove_processed(const infra::ingest::Arrival& processed) override;
  [[nodiscard]] std::optional<std::int64_t> free_bytes() override { return std::nullopt; }

 private:
  [[nodiscard]] bool is_there(infra::ingest::Shelf shelf, const infra::ingest::Arrival& arrival);
  void move(const std::string& name, infra::ingest::Shelf to, const std::string& as);
  [[nodiscard]] File make(const std::string& bytes) { return {bytes, clock_.now(), ++generation_}; }

  ports::Clock& clock_;
  std::map<infra::ingest::Shelf, Files> shelves_;
  std::int64_t generation_ = 0;
};

}  // namespace tests
