#include "infra/metrics/standing.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace infra::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class Family {
 public:
  Family(MetricType type, std::string name, std::string help) {
    family_.type = type;
    family_.name = std::move(name);
    family_.help = std::move(help);
  }

  template <class Number>
  void add(Labels labels, Number value) {
    ClientMetric sample;
    sample.label = std::move(labels);
    if (family_.type == MetricType::Counter) {
      sample.counter.value = static_cast<double>(value);
    } else {
      sample.gauge.value = static_cast<double>(value);
    }
    family_.metric.push_back(std::move(sample));
  }

  [[nodiscard]] MetricFamily take() && { return std::move(family_); }

 private:
  MetricFamily family_;
};

Family gauge(std::string name, std::string help) {
  return {MetricType::Gauge, std::move(name), std::move(help)};
}
Family counter(std::string name, std::string help) {
  return {MetricType::Counter, std::move(name), std::move(help)};
}

template <class Number>
MetricFamily single(Family family, const Number& value) {
  family.add({}, value);
  return std::move(family).take();
}

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>{time}.count();
}

void add_projections(const Snapshot& now, std::vector<MetricFamily>& families) {
  Family there = gauge("kartei_projection_there", "1: the read model is there; 0: being made.");
  Family lag_events =
      gauge("kartei_projection_lag_events", "Offsets of the log that a read model has not passed.");
  Family lag_seconds = gauge("kartei_projection_lag_seconds",
                             "How long a read model has known records that it has not applied.");
  Family partition_events =
      gauge("kartei_projection_partition_lag_events",
            "Offsets of a partition of the log that a read model has not passed.");
  Family partition_seconds =
      gauge("kartei_projection_partition_lag_seconds",
            "How long a read model has known records of a partition that it has not applied.");
  Family quarantined = gauge("kartei_projection_quarantined_patients",
                             "Patients whose records a read model cannot apply.");
  for (const Snapshot::Projection& one : now.projections) {
    const Labels labels{{"projection", one.name}};
    there.add(labels, one.there ? 1 : 0);
    if (!one.there) continue;
    lag_events.add(labels, one.lag_events);
    lag_seconds.add(labels, seconds(one.lag_time));
    for (std::size_t at = 0; at < one.lag_by_partition.size(); ++at) {
      const Labels of{{"projection", one.name}, {"partition", std::to_string(at)}};
      partition_events.add(of, one.lag_by_partition[at].events);
      partition_seconds.add(of, seconds(one.lag_by_partition[at].time));
    }
    quarantined.add(labels, one.quarantined);
  }
  for (Family* family :
       {&there, &lag_events, &lag_seconds, &partition_events, &partition_seconds, &quarantined}) {
    families.push_back(std::move(*family).take());
  }
}

// One sample for each outcome.
MetricFamily by_outcome(Family family,
                        std::initializer_list<std::pair<const char*, std::int64_t>> outcomes) {
  for (const auto& [outcome, count] : outcomes) family.add({{"outcome", outcome}}, count);
  return std::move(family).take();
}

void add_confirmations(const Snapshot& now, std::vector<MetricFamily>& families) {
  if (!now.confirmations) return;
  families.push_back(by_outcome(counter("kartei_confirmation_mails_total",
                                        "Mails that confirm registrations by what became of them."),
                                {{"sent", now.confirmations->sent},
                                 {"skipped", now.confirmations->skipped},
                                 {"refused", now.confirmations->refused},
                                 {"retried", now.confirmations->retried}}));
  families.push_back(single(gauge("kartei_confirmation_lag_events",
                                  "Offsets of the log behind which confirmation mails may be due."),
                            now.confirmations->lag));
}

void add_incoming(const Snapshot& now, std::vector<MetricFamily>& families) {
  families.push_back(by_outcome(
      counter("kartei_messages_consumed_total", "Messages of other services by what came of them."),
      {{"recorded", now.consumed.recorded},
       {"duplicate", now.consumed.duplicates},
       {"ignored", now.consumed.ignored},
       {"dead_letter", now.consumed.dead}}));
  if (!now.import) return;
  families.push_back(by_outcome(
      counter("kartei_import_files_total", "Files of registrations by what became of them."),
      {{"processed", now.import->processed}, {"failed", now.import->failed}}));
  families.push_back(by_outcome(
      counter("kartei_import_registrations_total", "Registrations that arrived and were taken in."),
      {{"imported", now.import->imported}, {"duplicate", now.import->duplicates}}));
}

}  // namespace

std::vector<MetricFamily> families_of(const Snapshot& now) {
  std::vector<MetricFamily> families;
  families.push_back(
      single(gauge("kartei_http_connections", "Connections that are open."), now.connections));
  families.push_back(
      single(gauge("kartei_writer", "1: it is this process's turn to write; 0: a standby."),
             now.writer ? 1 : 0));
  families.push_back(single(
      counter("kartei_writer_turns_total", "Turns to write that this process had."), now.turns));
  families.push_back(single(gauge("kartei_commands_waiting", "Commands that wait for the writer."),
                            now.commands_waiting));
  if (now.expected) {
    families.push_back(single(
        gauge("kartei_expected_patients", "Patients who have contacts and were never created."),
        *now.expected));
  }
  add_incoming(now, families);
  add_confirmations(now, families);
  add_projections(now, families);
  std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
  return families;
}

}  // namespace infra::metrics
