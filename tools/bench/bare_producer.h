#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace bench {

struct BareRecord {
  std::string topic;
  std::int32_t partition;
  std::string key;
  std::string value;
};

// A transactional producer of librdkafka and nothing else to it: it decides nothing, keeps nothing,
// and is told nothing but that a transaction is committed. Its settings are those of our writer.
class BareProducer {
 public:
  // Throws std::runtime_error, as does append().
  BareProducer(const std::string& brokers, const std::string& transactional_id);
  ~BareProducer();
  BareProducer(const BareProducer&) = delete;
  BareProducer& operator=(const BareProducer&) = delete;

  // As one transaction.
  void append(std::span<const BareRecord> records);

 private:
  struct Client;
  std::unique_ptr<Client> client_;
};

}  // namespace bench
