#include "tests/logs/story.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace testing_logs {
namespace {

using infra::log_embedded::Access;
using infra::log_embedded::EmbeddedLog;
using ports::Topic;

std::string value_of(std::int64_t number) {
  const std::size_t sizes[] = {0, 40, 700, 5'000, 20'000};
  const char letter = static_cast<char>('a' + number % 26);
  return std::to_string(number) + ':' + std::string(sizes[number % 5], letter);
}

std::int64_t number_of(const std::string& key) { return std::stoll(key.substr(key.find('/') + 1)); }

}  // namespace

std::vector<ports::NewRecord> chapter(std::int64_t number) {
  const auto partition = static_cast<std::int32_t>(number % kStoryPartitions);
  const std::int32_t other = (partition + 1) % kStoryPartitions;
  const std::string key = "e/" + std::to_string(number);
  std::optional<std::string> tick;  // none: a tombstone
  if (number % 11 != 10) tick = std::to_string(number);
  return {event(partition, key, value_of(number)),
          history(partition, "h/" + std::to_string(number)),
          event(partition, key + "+"),
          event(other, key, value_of(number + 1)),
          event(other, std::string{ports::kTickKey}, tick)};
}

Contents contents_of(const ports::Log& log) {
  Contents contents;
  std::map<std::int64_t, std::multiset<std::string>> found;
  for (const Topic topic : {Topic::patient_events, Topic::patient_history}) {
    for (const Seen& seen : read(log, topic)) {
      if (ports::is_reserved(seen.key)) continue;
      const std::string place = std::to_string(static_cast<int>(topic)) + ' ' +
                                std::to_string(seen.partition) + ' ' + seen.key + ' ';
      found[number_of(seen.key)].insert(place + (seen.value ? '=' + *seen.value : "none"));
    }
  }
  for (const auto& [number, records] : found) {
    std::multiset<std::string> expected;
    for (const ports::NewRecord& record : chapter(number)) {
      if (ports::is_reserved(record.key)) continue;
      const std::string place = std::to_string(static_cast<int>(record.topic)) + ' ' +
                                std::to_string(record.partition.get()) + ' ' + record.key + ' ';
      expected.insert(place + (record.value ? '=' + *record.value : "none"));
    }
    contents.chapters.push_back(number);
    if (records != expected) contents.wrong.push_back("chapter " + std::to_string(number));
  }
  return contents;
}

StoryFolder::StoryFolder() {
  const auto identity = identity_with(kStoryPartitions);
  static_cast<void>(
      EmbeddedLog::create(folder_.path(), kStoryPartitions, identity.incarnation, clock_));
}

StoryFolder::StoryFolder(const std::filesystem::path& other) {
  for (const char* name : {"log.db", "log.db-wal", "log.head"}) {
    if (std::filesystem::exists(other / name)) std::filesystem::copy(other / name, path() / name);
  }
}

std::unique_ptr<EmbeddedLog> StoryFolder::open() {
  return EmbeddedLog::open(folder_.path(), clock_, Access::read_write);
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
}

}  // namespace testing_logs
