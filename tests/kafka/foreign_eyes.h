#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace testing_kafka {

// The first `count` records of the topic, or all when there are fewer, as another client reads
// them: `partition offset key value partition-by-key`, sorted. Starts `foreign_eyes`.
[[nodiscard]] std::vector<std::string> foreign_lines(const std::string& topic, std::size_t count);

}  // namespace testing_kafka
