#pragma once

#include <cstdint>
#include <string>

namespace bench {

// Consumes what is committed in the first `partitions` partitions of a topic, with librdkafka and
// nothing else, and returns how many messages there were. Its settings are those of our readers.
// Throws std::runtime_error.
[[nodiscard]] std::int64_t consume_all(const std::string& brokers,
                                       const std::string& topic,
                                       std::int32_t partitions);

}  // namespace bench
