#include "domain/handling/copying.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/core/broken.h"
#include "domain/core/match.h"
#include "domain/handling/partitioner.h"

namespace handling {
namespace {

using ports::NewRecord;
using ports::Partition;
using ports::Record;
using ports::Topic;

// The history first: a state without it would be worse than the other way round.
constexpr std::array kTopics = {Topic::patient_history, Topic::patient_events};
constexpr std::size_t kRecordsPerPoll = 1000;

void read(const ports::Log& log,
          Topic topic,
          const std::vector<ports::Start>& starts,
          const ports::Sink& sink) {
  const auto patients_only = [&](const Record& record) {
    if (!ports::is_reserved(record.key)) sink(record);
  };
  const auto reader = log.open_reader(topic, starts);
  while (reader->poll(kRecordsPerPoll, patients_only) > 0) {
  }
}

[[noreturn]] void mismatch(const std::string& text) {
  throw core::Broken(core::Breakage::log_mismatch, text);
}

// A sequence of records, told from every other one: FNV-1a over lengths and bytes.
class Trail {
 public:
  void add(std::string_view key, std::optional<std::string_view> value) {
    add(key);
    mix(value ? 1 : 0);
    if (value) add(*value);
    ++count_;
  }
  [[nodiscard]] std::int64_t count() const { return count_; }
  friend bool operator==(const Trail&, const Trail&) = default;

 private:
  void add(std::string_view bytes) {
    for (std::size_t size = bytes.size(); size > 0; size >>= 8) mix(size & 0xff);
    mix(0);
    for (const char byte : bytes) mix(static_cast<std::uint8_t>(byte));
  }
  void mix(std::uint64_t byte) {
    constexpr std::uint64_t kPrime = 0x100000001b3;
    hash_ = (hash_ ^ byte) * kPrime;
  }

  std::uint64_t hash_ = 0xcbf29ce484222325;
  std::int64_t count_ = 0;
};

// What is in each partition of both topics.
using Trails = std::array<std::vector<Trail>, ports::kTopicCount>;

Trail& at(Trails& trails, Topic topic, Partition partition) {
  return trails[static_cast<std::size_t>(topic)].at(static_cast<std::size_t>(partition.get()));
}

// The records that are to be in the target, always in the same order: a partition of the source
// after the other, its history, then the states.
class Plan {
 public:
  Plan(const ports::Log& source, std::int32_t partitions)
      : source_(source), partitions_(partitions) {}

  using Take = std::function<void(Topic, Partition, const Record&)>;
  void walk(const Take& take) const {
    for (std::int32_t number = 0; number < source_.identity().partitions; ++number) {
      const std::vector<ports::Start> start{{Partition{number}, ports::Offset{0}}};
      for (const Topic topic : kTopics) {
        const Lasts lasts = lasts_of(topic, start);
        read(source_, topic, start, [&](const Record& record) {
          const auto last = lasts.find(std::string{record.key});
          if (last != lasts.end() && record.offset < last->second) return;
          take(topic, place_of(topic, record), record);
        });
      }
    }
  }

 private:
  // Where the last record of a key lies. In the history only erased keys come twice.
  using Lasts = std::unordered_map<std::string, ports::Offset>;
  [[nodiscard]] Lasts lasts_of(Topic topic, const std::vector<ports::Start>& start) const {
    Lasts lasts;
    read(source_, topic, start, [&](const Record& record) {
      if (topic == Topic::patient_history && record.value) return;
      lasts.insert_or_assign(std::string{record.key}, record.offset);
    });
    return lasts;
  }

  // What lies in a wrong partition is seen by nobody, and must not be seen in the target either.
  [[nodiscard]] Partition place_of(Topic topic, const Record& record) const {
    const std::int32_t sources = source_.identity().partitions;
    if (partitions_ == sources) return record.partition;
    const std::string_view patient = record.key.substr(0, record.key.find('/'));
    if (partition_of(patient, sources) != record.partition) {
      mismatch("the log to copy has a record in a wrong partition (" + std::string{name(topic)} +
               " partition " + std::to_string(record.partition.get()) + " offset " +
               std::to_string(record.offset.get()) + "): copy it to a log with " +
               std::to_string(sources) + " partitions as well");
    }
    return partition_of(patient, partitions_);
  }

  const ports::Log& source_;
  std::int32_t partitions_;
};

Trails trails_of(const ports::Log& log) {
  Trails trails;
  for (const Topic topic : kTopics) {
    trails[static_cast<std::size_t>(topic)].resize(
        static_cast<std::size_t>(log.identity().partitions));
    read(log, topic, ports::from_the_beginning(log), [&](const Record& record) {
      at(trails, topic, record.partition).add(record.key, record.value);
    });
  }
  return trails;
}

[[noreturn]] void foreign(Topic topic, Partition partition) {
  mismatch("the log to copy to holds something else than a beginning of this copy (" +
           std::string{name(topic)} + " partition " + std::to_string(partition.get()) +
           "): copy to a new log, under another topic prefix");
}

struct Beginning {
  std::int64_t there = 0;  // so many of the plan's records are in the target
  std::int64_t total = 0;  // of the plan
};

// Each run has appended a beginning of the plan. So at the first record that the target does not
// have, it has nothing that the plan did not name before.
Beginning compare(const Plan& plan, Trails there) {
  Beginning beginning;
  Trails planned = there;
  for (auto& topic : planned) std::fill(topic.begin(), topic.end(), Trail{});
  const auto expect_all_seen = [&] {
    for (const Topic topic : kTopics) {
      for (std::size_t number = 0; number < there.front().size(); ++number) {
        const Partition partition{static_cast<std::int32_t>(number)};
        if (at(planned, topic, partition) != at(there, topic, partition)) foreign(topic, partition);
      }
    }
  };
  bool behind = false;
  plan.walk([&](Topic topic, Partition partition, const Record& record) {
    ++beginning.total;
    if (behind) return;
    Trail& trail = at(planned, topic, partition);
    behind = trail.count() == at(there, topic, partition).count();
    if (behind) return expect_all_seen();
    trail.add(record.key, record.value);
    ++beginning.there;
  });
  if (!behind) expect_all_seen();
  return beginning;
}

bool anything_behind(const ports::Log& log, Topic topic, std::span<const ports::Offset> ends) {
  std::vector<ports::Start> starts;
  for (std::size_t number = 0; number < ends.size(); ++number) {
    starts.push_back({Partition{static_cast<std::int32_t>(number)}, ends[number]});
  }
  bool any = false;
  read(log, topic, starts, [&](const Record&) { any = true; });
  return any;
}

// Collects records and appends them in transactions of bounded size.
class Appending {
 public:
  Appending(ports::LogWriter& writer, CopyLimits limits) : writer_(writer), limits_(limits) {}

  void add(Topic topic, Partition partition, const Record& record) {
    std::optional<std::string> value;
    if (record.value) value.emplace(*record.value);
    bytes_ += record.key.size() + (value ? value->size() : 0);
    records_.push_back({topic, partition, std::string{record.key}, std::move(value)});
    if (records_.size() >= limits_.records || bytes_ >= limits_.bytes) flush();
  }

  void flush() {
    if (records_.empty()) return;
    core::match(
        writer_.append(records_),
        [](const ports::Committed&) {},
        [](const ports::Fenced&) {
          throw core::Broken(core::Breakage::locked,
                             "another writer has taken over the log to copy to");
        },
        [](const ports::Unknown& unknown) {
          throw core::Broken(core::Breakage::broker_unavailable,
                             unknown.why + "; the same command goes on behind what arrived");
        });
    records_.clear();
    bytes_ = 0;
  }

 private:
  ports::LogWriter& writer_;
  CopyLimits limits_;
  std::vector<NewRecord> records_;
  std::size_t bytes_ = 0;
};

}  // namespace

Copied copy_log(const ports::Log& source,
                ports::Log& target,
                const CopyProgress& progress,
                CopyLimits limits) {
  const Plan plan{source, target.identity().partitions};
  const auto history_ends = target.ends(Topic::patient_history);
  const auto events_ends = target.ends(Topic::patient_events);
  Beginning beginning = compare(plan, trails_of(target));
  if (beginning.there == beginning.total) return {0, beginning.there};

  // A writer that somebody uses is not fenced for a copy that is refused, so this comes behind the
  // comparison. What an earlier run had under way is decided only now.
  const auto writer = target.open_writer("");
  if (anything_behind(target, Topic::patient_history, history_ends) ||
      anything_behind(target, Topic::patient_events, events_ends))
    beginning = compare(plan, trails_of(target));
  Appending appending{*writer, limits};
  std::int64_t passed = 0;
  plan.walk([&](Topic topic, Partition partition, const Record& record) {
    if (++passed > beginning.there) appending.add(topic, partition, record);
    progress(passed, beginning.total);
  });
  appending.flush();
  return {passed - beginning.there, beginning.there};
}

}  // namespace handling
