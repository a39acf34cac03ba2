#pragma once

#include <filesystem>
#include <utility>

#include "infra/ingest/arrivals.h"

namespace infra::ingest {

// A folder of this machine, or one that is mounted. Symbolic links in it and folders below it are
// passed over, so that nothing outside is read or moved; `processed/` and `failed/` are made when
// they are needed, and must be on the same file system. A processed file counts as there since it
// was last changed or moved, whichever is later. Used by one thread; several processes may have the
// same folder.
class ImportFolder final : public Arrivals {
 public:
  // The folder may come later: until then everything throws core::Broken (io).
  explicit ImportFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void list(Shelf shelf, const Sink& sink) override;
  [[nodiscard]] std::optional<std::string> read(const Arrival& arrival) override;
  [[nodiscard]] bool accept(const Arrival& arrival) override;
  [[nodiscard]] bool reject(const Arrival& arrival, std::string_view reason) override;
  void remove_processed(const Arrival& processed) override;
  [[nodiscard]] std::optional<std::int64_t> free_bytes() override;

 private:
  std::filesystem::path folder_;
};

}  // namespace infra::ingest
