#include "tests/kafka/foreign_eyes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

#include "tests/kafka/broker.h"

namespace testing_kafka {
namespace {

std::string word(const std::optional<std::string>& bytes) {
  if (!bytes) return "-";
  std::string hex = "x";
  for (const char byte : *bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    const auto number = static_cast<unsigned char>(byte);
    hex += {kDigits[number / 16], kDigits[number % 16]};
  }
  return hex;
}

}  // namespace

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

void foreign_say(const std::string& topic, const std::vector<Said>& messages) {
  const std::string command =
      SOURCE_ROOT "/tests/kafka/foreign_eyes --say " + brokers() + ' ' + topic;
  std::FILE* pipe = popen(command.c_str(), "w");
  for (const Said& said : messages) {
    const std::string line =
        std::to_string(said.partition) + ' ' + word(said.key) + ' ' + word(said.value) + '\n';
    std::fputs(line.c_str(), pipe);
  }
  EXPECT_EQ(pclose(pipe), 0);
}

}  // namespace testing_kafka
