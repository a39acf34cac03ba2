// taking_in BROKERS PREFIX DATA: a process that takes in what lies in `communication-events`, and
// stands still when it is in the log and the place to go on is not committed. Says so on stdout.
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "infra/log_kafka/kafka_log.h"
#include "infra/runtime/clock.h"
#include "infra/runtime/ids.h"
#include "infra/service/kartei.h"

namespace {

void keep_silent(std::string_view) {}

void take_in(const infra::log_kafka::Settings& settings, const char* data) {
  infra::runtime::SystemClock clock;
  infra::runtime::Ids ids;
  infra::service::Kartei kartei{
      {data, clock, ids, keep_silent, [](const infra::service::Progress&) {}, settings}};
  const auto log = infra::log_kafka::KafkaLog::open(settings);
  const auto inbox = log->open_inbox(
      infra::ingest::kCommunicationEvents, infra::ingest::kIngestGroup, keep_silent);
  infra::ingest::DeadLetters dead_letters{log->open_dead_letters()};
  infra::ingest::Intake intake{*inbox, dead_letters, clock, ids};
  static_cast<void>(intake.step([&](auto submissions) {
    auto answers = kartei.handle(submissions);
    std::cout << "appended " << answers.size() << std::endl;
    pause();
    return answers;
  }));
}

}  // namespace

int main(int, char** arguments) {
  infra::log_kafka::Settings settings;
  settings.brokers = arguments[1];
  settings.topic_prefix = arguments[2];
  take_in(settings, arguments[3]);
  return EXIT_FAILURE;
}
