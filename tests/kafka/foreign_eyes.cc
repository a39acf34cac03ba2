#include "tests/kafka/foreign_eyes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

#include "tests/kafka/broker.h"

namespace testing_kafka {

std::vector<std::string> foreign_lines(const std::string& topic, std::size_t count) {
  const std::string command = SOURCE_ROOT "/tests/kafka/foreign_eyes " + brokers() + ' ' + topic +
                              ' ' + std::to_string(count);
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string all;
  std::array<char, 4096> buffer;
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) all += buffer.data();
  EXPECT_EQ(pclose(pipe), 0);
  std::vector<std::string> lines;
  std::istringstream stream{all};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace testing_kafka
