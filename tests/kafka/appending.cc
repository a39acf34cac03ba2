// appending BROKERS PREFIX FIRST: a process that appends one transaction after another, numbered
// from FIRST, until it is not the writer any more. Says on stdout what became of each of them.
#include <cstdlib>
#include <iostream>
#include <string>

#include "domain/core/broken.h"
#include "infra/log_kafka/kafka_log.h"

namespace {

constexpr std::int64_t kTransactionsMax = 1'000'000;

std::vector<ports::NewRecord> transaction(std::int64_t number) {
  const ports::Partition partition{static_cast<std::int32_t>(number % 3)};
  const std::string key = std::to_string(number);
  return {{ports::Topic::patient_events, partition, key, "v"},
          {ports::Topic::patient_history, partition, key + "/1", "v"}};
}

void say(const char* what, std::int64_t number) { std::cout << what << ' ' << number << std::endl; }

int run(const infra::log_kafka::Settings& settings, std::int64_t first) {
  const auto log = infra::log_kafka::KafkaLog::open(settings);
  auto writer = log->open_writer("");
  for (std::int64_t number = first; number < first + kTransactionsMax; ++number) {
    const ports::Appended appended = writer->append(transaction(number));
    if (std::holds_alternative<ports::Committed>(appended)) {
      say("committed", number);
    } else if (std::holds_alternative<ports::Fenced>(appended)) {
      say("fenced", number);
      return EXIT_SUCCESS;
    } else {
      say("unknown", number);
      writer = log->open_writer("");
    }
  }
  return EXIT_FAILURE;
}

}  // namespace

int main(int, char** arguments) {
  try {
    infra::log_kafka::Settings settings;
    settings.brokers = arguments[1];
    settings.topic_prefix = arguments[2];
    return run(settings, std::stoll(arguments[3]));
  } catch (const core::Broken& broken) {
    std::cout << (broken.kind() == core::Breakage::locked ? "locked" : "broken") << " 0"
              << std::endl;
    std::cerr << broken.what() << '\n';
    return EXIT_SUCCESS;
  }
}
