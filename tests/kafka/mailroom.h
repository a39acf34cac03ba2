#pragma once

#include <memory>
#include <string>
#include <vector>

#include "infra/ingest/intake.h"
#include "infra/log_kafka/kafka_log.h"
#include "infra/runtime/ids.h"
#include "infra/service/kartei.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/foreign_eyes.h"

namespace testing_kafka {

class MovableClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Timestamp now() override { return at; }
  core::Timestamp at = *core::parse_timestamp("2026-02-01T09:00:00Z");
};

// A Kartei with its log on the broker of this run, three patients (1, 2, 3), and the topic that the
// communication service writes, empty and with three partitions.
class Mailroom {
 public:
  explicit Mailroom(infra::log_kafka::Settings of_test = fresh_settings());

  // As when its process starts again.
  void open();
  void close() { kartei_.reset(); }
  [[nodiscard]] infra::service::Kartei& kartei() { return *kartei_; }

  infra::ingest::Intake::Step take_in();
  // Takes in all that is there; the sum of the steps.
  infra::ingest::Intake::Step take_all();
  // All messages are delivered again.
  void deliver_again();

  void create(std::int64_t number);
  void remove(std::int64_t number);
  // `data` of `show`, and the same of each contact, as JSON.
  [[nodiscard]] std::string last_contact(std::int64_t number);
  [[nodiscard]] std::string contacts(std::int64_t number);
  [[nodiscard]] std::size_t count_contacts(std::int64_t number);
  [[nodiscard]] std::string dead_letters();
  // All that people are answered.
  [[nodiscard]] std::string answers();
  // How many events the log has.
  [[nodiscard]] std::int64_t events();

  infra::log_kafka::Settings settings;
  MovableClock clock;
  infra::runtime::Ids ids;
  std::vector<std::string> notices;
  testing_logs::Folder folder;

 private:
  void submit(patient::PatientId id, patient::Command command);

  std::unique_ptr<infra::service::Kartei> kartei_;
};

// An envelope as the original's code writes it; `patient` is JSON, and so are all that follow.
[[nodiscard]] std::string mail(const std::string& id,
                               const std::string& patient,
                               const std::string& at = "2026-01-20T10:00:00");
// As the documents have it.
[[nodiscard]] std::string call(const std::string& id,
                               const std::string& patient,
                               const std::string& at = "2026-01-21T10:00:00Z");

}  // namespace testing_kafka
