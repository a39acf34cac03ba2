#pragma once

#include "infra/gcs/bucket.h"
#include "infra/ingest/arrivals.h"

namespace infra::gcs {

// A bucket in which registrations arrive, in its root; `processed/` and `failed/` are prefixes. A
// version is a generation. Objects are moved by a copy and then a removal: whoever dies in between
// leaves both, and the next move finds that the copy is already there. Used by one thread; several
// processes may have the same bucket.
class ImportBucket final : public ingest::Arrivals {
 public:
  explicit ImportBucket(Bucket bucket) : bucket_(std::move(bucket)) {}

  void list(ingest::Shelf shelf, const Sink& sink) override;
  [[nodiscard]] std::optional<std::string> read(const ingest::Arrival& arrival) override;
  [[nodiscard]] bool accept(const ingest::Arrival& arrival) override;
  [[nodiscard]] bool reject(const ingest::Arrival& arrival, std::string_view reason) override;
  void remove_processed(const ingest::Arrival& processed) override;
  [[nodiscard]] std::optional<std::int64_t> free_bytes() override { return std::nullopt; }

 private:
  [[nodiscard]] bool put_away(const ingest::Arrival& arrival,
                              std::string_view shelf,
                              std::optional<std::string_view> reason);
  // Where the copy breaks, the reason that stands beside it already goes away.
  [[nodiscard]] std::optional<Object> copy_or_take_back(const Object& source,
                                                        std::string_view name,
                                                        const std::optional<Object>& beside);

  Bucket bucket_;
};

}  // namespace infra::gcs
