#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace testing_kafka {

// What a client that is not ours does to the broker of this run.

// Makes a topic with the brokers' own settings, and waits until it can be used.
void make_topic(const std::string& topic, std::int32_t partitions);
// Deletes it and waits until nobody finds it any more.
void delete_topic(const std::string& topic);
// Returns when all of them can be used.
void add_partitions(const std::string& topic, std::int32_t partitions);
// Deletes what is before `offset`, as retention does.
void delete_records(const std::string& topic, std::int32_t partition, std::int64_t offset);
// Outside of any transaction.
void produce(const std::string& topic,
             std::int32_t partition,
             const std::string& key,
             const std::string& value);
// The first record of each partition of `from`, into `to`, which is made.
void copy_first_records(const std::string& from, const std::string& to, std::int32_t partitions);

// A producer with a transaction of its own under any transactional id.
class ForeignTransaction {
 public:
  // Fences whoever has the id, and begins.
  explicit ForeignTransaction(const std::string& transactional_id);
  // By way of another address than the broker's, and impatient.
  ForeignTransaction(const std::string& transactional_id, const std::string& address);
  ~ForeignTransaction();
  ForeignTransaction(const ForeignTransaction&) = delete;
  ForeignTransaction& operator=(const ForeignTransaction&) = delete;

  // In the open transaction; returns when the brokers have it.
  void produce(const std::string& topic, std::int32_t partition, const std::string& key);
  // The error's name, or nothing when it is committed.
  [[nodiscard]] std::string commit();
  void begin();
  void abort();
  // Whatever comes of it.
  void try_abort();

 private:
  struct Producer;
  std::unique_ptr<Producer> producer_;
};

}  // namespace testing_kafka
