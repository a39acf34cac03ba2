#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/core/raw.h"
#include "domain/ports/dead_letter_topic.h"
#include "domain/ports/inbox.h"
#include "domain/ports/log.h"
#include "infra/service/candidacy.h"
#include "infra/service/data_directory.h"
#include "infra/service/kartei.h"

namespace infra::service {

// One line of the doctor: what was looked at, whether it is well, and what to do if not.
struct Finding {
  std::string check;
  bool well;
  std::string message;
};

// Where the log is, and what an operator meets differently there. Whoever only appends and reads
// knows ports::Log alone. Used by one thread.
class LogHome {
 public:
  virtual ~LogHome() = default;

  [[nodiscard]] virtual ports::Log& log() = 0;
  // What is wrong with the bytes themselves, each with its place; nothing: sound. Reads them all.
  [[nodiscard]] virtual std::vector<std::string> damage() const = 0;
  // The doctor's findings about a log in a file; examine_brokers() has those about one on Kafka.
  [[nodiscard]] virtual std::vector<Finding> examine() const = 0;
  // What other services send, and what of it could not be taken in. None: they send nothing here.
  struct Mail {
    std::unique_ptr<ports::Inbox> inbox;
    std::unique_ptr<ports::DeadLetterTopic> dead_letters;
  };
  [[nodiscard]] virtual std::optional<Mail> mail(const Surroundings&) const { return std::nullopt; }
  // Who else writes, or waits to, as a name for the operator; none: nobody. An embedded log has no
  // writer but who holds the directory. Throws core::Broken.
  [[nodiscard]] virtual std::optional<std::string> present_writer() const = 0;
  // Asks for a turn to write. `changed` is called, by any thread, when the candidacy has news.
  [[nodiscard]] virtual std::unique_ptr<Candidacy> stand_for_writer(
      std::function<void()> changed) = 0;
  // `on_arrival` is called, by any thread, when another process's records have come for a reader
  // that had nothing left. Nobody but its holder appends to an embedded log: there it never is. Set
  // before any reader is opened.
  virtual void set_on_arrival(std::function<void()> on_arrival) = 0;
  // How often whoever writes must ask both topics to compact; none: never.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> compaction_interval() const = 0;
  // What `topics describe` adds to identity and ends.
  [[nodiscard]] virtual core::Raw::Object details() const = 0;
};

// The doctor's findings about the brokers and their topics, whether the log can be opened or not.
// None when the log is embedded.
[[nodiscard]] std::vector<Finding> examine_brokers(const Surroundings& surroundings);

// The log of the settings, as far as this process may use it: an embedded one read-only when
// another process holds the directory. An embedded log is made when there is none. `directory` and
// what `surroundings` refers to must outlive it. Throws core::Broken: log_mismatch when the
// directory is of another log, and whatever opening the log throws.
[[nodiscard]] std::unique_ptr<LogHome> open_log_home(const Surroundings& surroundings,
                                                     const DataDirectory& directory);

// Makes the log with so many partitions unless there is one. Throws core::Broken as above, and
// locked when another process holds the directory.
void create_log(const Surroundings& surroundings,
                const DataDirectory& directory,
                std::int32_t partitions,
                const log_kafka::TopicSettings& topics);

}  // namespace infra::service
