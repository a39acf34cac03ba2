#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace bench {

// What Kafka Streams did (streams_peer/StreamsPeer.java).
struct Restored {
  std::int64_t events = 0;
  std::int64_t rows = 0;
  double seconds = 0;
  double cpu_seconds = 0;
};

// Lets Kafka Streams restore a topic through a GlobalKTable into RocksDB, each record a blob.
// `program` is the folder that Maven built it in (`classes` and `lib`); `folder` is for its files,
// and is removed before and behind. Throws std::runtime_error.
[[nodiscard]] Restored restore_with_streams(const std::filesystem::path& program,
                                            const std::string& brokers,
                                            const std::string& topic,
                                            const std::filesystem::path& folder);

}  // namespace bench
