#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <vector>

#include "domain/ports/clock.h"
#include "infra/runtime/ids.h"
#include "infra/runtime/kafka_properties.h"
#include "infra/runtime/logging.h"
#include "infra/runtime/progress.h"
#include "infra/runtime/settings.h"
#include "infra/runtime/status_line.h"
#include "infra/service/kartei.h"
#include "tools/kartei/input.h"
#include "tools/kartei/run.h"

namespace kartei {

struct SessionSettings {
  infra::runtime::Settings settings;
  std::vector<infra::runtime::KafkaProperty> kafka_properties;
  bool json = false;  // answers are documents
};

// What one run of the program works with: the composition root. Kartei itself is put together when
// a verb first asks for it, so that `version` touches no data directory.
class Session {
 public:
  // Throws the usage error on a property that the Kafka client does not have, or that is not for
  // the operator. The invocation's streams must outlive the session, as must `within`: the service
  // that runs this, or none.
  Session(const SessionSettings& given,
          std::unique_ptr<ports::Clock> clock,
          const Invocation& invocation,
          const Within* within);

  // Of its own, or a guest of the service.
  [[nodiscard]] infra::service::Kartei& kartei();
  // In a service signals are not for those whom it runs something for: they ask expect_wanted().
  [[nodiscard]] bool in_service() const noexcept { return within_ != nullptr; }
  // Throws core::Broken when what a service does here for another process is to be left.
  void expect_wanted() const;
  // For a Kartei of the verb's own. The session must outlive it.
  [[nodiscard]] infra::service::Surroundings surroundings();
  // What follows fences whoever writes on Kafka. Before kartei().
  void take_over() noexcept { take_over_ = true; }
  [[nodiscard]] bool on_kafka() const noexcept { return settings_.brokers.has_value(); }
  [[nodiscard]] ports::Ids& ids() noexcept { return ids_; }
  [[nodiscard]] const infra::runtime::Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] infra::runtime::Logger& logger() noexcept { return logger_; }
  [[nodiscard]] const Input& input() const noexcept { return input_; }
  [[nodiscard]] bool json() const noexcept { return json_; }
  // For what is said before the answer; at the end Output says that.
  [[nodiscard]] std::ostream& out() noexcept { return out_; }
  [[nodiscard]] infra::runtime::StatusLine& status() noexcept { return status_; }
  [[nodiscard]] infra::runtime::ProgressReporter& progress() noexcept { return progress_; }

 private:
  infra::runtime::Settings settings_;
  infra::log_kafka::Properties kafka_properties_;
  std::unique_ptr<ports::Clock> clock_;
  infra::runtime::Ids ids_;
  infra::runtime::Logger logger_;
  infra::runtime::StatusLine status_;
  infra::runtime::ProgressReporter progress_;
  Input input_;
  std::ostream& out_;
  bool json_;
  bool take_over_ = false;
  const Within* within_;
  std::unique_ptr<infra::service::Kartei> kartei_;  // last: the rest outlives it
};

}  // namespace kartei
