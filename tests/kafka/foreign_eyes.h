#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace testing_kafka {

// The first `count` records of the topic, or all when there are fewer, as another client reads
// them: `partition offset key value partition-by-key`, sorted. Starts `foreign_eyes`.
[[nodiscard]] std::vector<std::string> foreign_lines(const std::string& topic, std::size_t count);

struct Said {
  std::int32_t partition;
  std::optional<std::string> key;
  std::optional<std::string> value;  // none: a tombstone
};
// Another client sends these, with headers, and returns when the broker has them.
void foreign_say(const std::string& topic, const std::vector<Said>& messages);

}  // namespace testing_kafka
