#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

// What is for people who have containers is kept in step with what is tested here without them:
// the broker of tools/docker-compose.yml is the one that tools/kafka starts.
namespace {

using Settings = std::map<std::string, std::string>;

std::string bytes_of(const std::string& file) {
  std::ifstream in{std::string{SOURCE_ROOT} + "/" + file};
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The value behind `name` and its colon, without quotes; none: no such line, or several.
std::optional<std::string> value_of(const std::string& text, const std::string& name) {
  std::optional<std::string> found;
  for (const std::string& line : lines_of(text)) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string::npos || line.compare(begin, name.size() + 2, name + ": ") != 0)
      continue;
    if (found) return std::nullopt;
    found = line.substr(begin + name.size() + 2);
    std::erase(*found, '"');
  }
  return found;
}

// KAFKA_LOG_DIRS: as the image hands it to the broker, log.dirs.
Settings of_compose(const std::string& text) {
  Settings settings;
  for (const std::string& line : lines_of(text)) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string::npos || line.compare(begin, 6, "KAFKA_") != 0) continue;
    std::string name = line.substr(begin + 6, line.find(':') - begin - 6);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
      return c == '_' ? '.' : static_cast<char>(std::tolower(c));
    });
    if (name == "bootstrap.servers") continue;  // of kartei, not of the broker
    const auto value = value_of(text, line.substr(begin, line.find(':') - begin));
    EXPECT_TRUE(value) << line;
    settings[name] = value.value_or("");
  }
  return settings;
}

// What tools/kafka-properties says for the only broker of a cluster.
Settings of_script(const std::string& text) {
  Settings settings;
  const std::size_t begin = text.find("cat <<EOF\nprocess.roles=") + 10;
  for (const std::string& line :
       lines_of(text.substr(begin, text.find("\nEOF\n", begin) - begin))) {
    const std::size_t equals = line.find('=');
    std::string value = line.substr(equals + 1);
    if (value == "$copies" || value == "$((copies > 1 ? 2 : 1))") value = "1";
    if (value == "$node") value = "1";
    settings[line.substr(0, equals)] = value;
  }
  return settings;
}

TEST(Compose, HasTheBrokerThatToolsKafkaStarts) {
  const std::string compose = bytes_of("tools/docker-compose.yml");
  const std::string script = bytes_of("tools/kafka");
  const auto image = value_of(compose, "image");
  ASSERT_TRUE(image);
  ASSERT_TRUE(image->starts_with("apache/kafka:"));
  const std::string version = image->substr(image->find(':') + 1);
  EXPECT_NE(script.find("\nversion=" + version + ' '), std::string::npos) << version;

  const Settings ours = of_compose(compose);
  const Settings theirs = of_script(bytes_of("tools/kafka-properties"));
  ASSERT_GT(theirs.size(), 15U);
  // Where each of them is, and what only makes tests quick.
  const std::set<std::string> differ = {"controller.quorum.voters",
                                        "listeners",
                                        "advertised.listeners",
                                        "listener.security.protocol.map",
                                        "log.dirs",
                                        "broker.session.timeout.ms",
                                        "broker.heartbeat.interval.ms",
                                        "log.cleaner.backoff.ms",
                                        "log.cleaner.dedupe.buffer.size",
                                        "log.initial.task.delay.ms"};
  for (const auto& [name, value] : theirs) {
    if (differ.contains(name)) continue;
    ASSERT_TRUE(ours.contains(name)) << name << " is missing in the composition";
    EXPECT_EQ(ours.at(name), value) << name;
  }
  for (const auto& [name, value] : ours)
    EXPECT_TRUE(differ.contains(name) || theirs.contains(name))
        << name << " is not in tools/kafka-properties";
}

TEST(Compose, NamesAddressesThatExist) {
  const std::string compose = bytes_of("tools/docker-compose.yml");
  const auto brokers = value_of(compose, "KAFKA_BOOTSTRAP_SERVERS");
  ASSERT_TRUE(brokers);
  EXPECT_EQ(value_of(compose, "hostname"), brokers->substr(0, brokers->find(':')));
  const std::string advertised = value_of(compose, "KAFKA_ADVERTISED_LISTENERS").value_or("");
  EXPECT_NE(advertised.find("PLAINTEXT://" + *brokers + ','), std::string::npos) << advertised;
  const std::string dockerfile = value_of(compose, "dockerfile").value_or("");
  const std::string image = bytes_of(dockerfile);
  EXPECT_TRUE(image.find("FROM debian:12\n") != std::string::npos) << dockerfile;
  EXPECT_NE(image.find("tools/install-packages"), std::string::npos);
  const std::string data = value_of(compose, "KARTEI_DATA").value_or("");
  EXPECT_NE(image.find("install --directory --owner=kartei /var/lib/kartei"), std::string::npos);
  EXPECT_TRUE(data.starts_with("/var/lib/kartei/")) << data;
}

// The few shapes of lines that the file is made of: two spaces a level, no tabs, quoted values.
TEST(Compose, IsOfTheSimpleShapeThatThisTestReads) {
  int above = 0;
  for (const std::string& line : lines_of(bytes_of("tools/docker-compose.yml"))) {
    SCOPED_TRACE(line);
    if (line.empty()) continue;
    const std::size_t indent = line.find_first_not_of(' ');
    ASSERT_NE(indent, std::string::npos);
    EXPECT_EQ(indent % 2, 0U);
    EXPECT_EQ(line.find('\t'), std::string::npos);
    if (line[indent] == '#') continue;
    EXPECT_LE(static_cast<int>(indent), above + 2) << "deeper by more than one level";
    above = static_cast<int>(indent);
    const bool item = line.compare(indent, 2, "- ") == 0;
    const std::size_t colon = line.find(':');
    EXPECT_TRUE(item || (colon != std::string::npos &&
                         (colon + 1 == line.size() || line[colon + 1] == ' ')));
  }
}

}  // namespace
