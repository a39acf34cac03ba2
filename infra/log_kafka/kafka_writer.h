#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "infra/log_kafka/transactional_producer.h"

namespace infra::log_kafka {

// The key of the record that every writer appends before anything else.
inline constexpr std::string_view kWriterKey = "__writer";

// What such a record says of where its writer can be reached: an address of printable ASCII without
// quotes and backslashes. Empty: nowhere, or the bytes are something else. Frozen, as in
// {"address":"https://kartei.example:8443"}.
[[nodiscard]] std::string writer_value(std::string_view address);
[[nodiscard]] std::string address_of(std::string_view writer_value);

// The epochs of the writers that were opened, in order, as far as the log still has them: at or
// behind `from`, and always the last one. Every writer appends its `__writer` record before
// anything else, so they tell who may have appended.
[[nodiscard]] std::vector<std::int64_t> writers_since(const std::shared_ptr<const Cluster>& cluster,
                                                      std::int64_t from);

// Its epoch is the offset of its `__writer` record: it grows from writer to writer, for ever.
class KafkaWriter final : public ports::LogWriter {
 public:
  // Fences the writer before it. Throws core::Broken: broker_unavailable, or locked when another
  // one was opened at the same time and won.
  KafkaWriter(std::shared_ptr<Cluster> cluster, std::string_view address);

  [[nodiscard]] ports::Appended append(std::span<const ports::NewRecord> records) override {
    return append_and_announce(records, {});
  }
  [[nodiscard]] ports::Appended append_and_announce(
      std::span<const ports::NewRecord> records,
      std::span<const ports::Announcement> announcements) override;
  [[nodiscard]] bool still_owner() override;
  [[nodiscard]] ports::Epoch epoch() const override { return ports::Epoch{epoch_}; }

 private:
  // After a transaction that did not end well: makes another producer, unless another writer was
  // opened since. Nothing but our own transactions lies between the two, so what was known of the
  // log still holds.
  [[nodiscard]] bool renew();

  std::shared_ptr<Cluster> cluster_;
  std::unique_ptr<TransactionalProducer> producer_;
  std::int64_t epoch_ = 0;
  bool fenced_ = false;
};

}  // namespace infra::log_kafka
