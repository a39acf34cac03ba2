#include "infra/metrics/standing.h"

#include <algorithm>
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
  template <class Number>
  void add(Labels labels, const std::optional<Number>& value) {
    if (value) add(std::move(labels), *value);
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

void add_projections(const Snapshot& now, std::vector<MetricFamily>& families) {
  Family there = gauge("kartei_projection_there", "1: the read model is there; 0: being made.");
  Family lag_events =
      gauge("kartei_projection_lag_events", "Offsets of the log that a read model has not passed.");
  Family lag_seconds =
      gauge("kartei_projection_lag_seconds", "Age of the oldest event that it does not show.");
  Family quarantined =
      gauge("kartei_projection_quarantined", "Patients whose last record could not be applied.");
  Family partition_lag = gauge("kartei_projection_partition_lag_events",
                               "Offsets that it has not passed, by partition of the log.");
  for (const Snapshot::Projection& one : now.projections) {
    const Labels labels{{"projection", one.name}};
    there.add(labels, one.there ? 1 : 0);
    quarantined.add(labels, one.quarantined);
    if (!one.there) continue;  // How far behind nobody can say.
    lag_events.add(labels, one.lag_events);
    lag_seconds.add(labels, one.lag_seconds);
    for (const Snapshot::PartitionLag& lag : one.partitions) {
      partition_lag.add({{"projection", one.name}, {"partition", std::to_string(lag.partition)}},
                        lag.events);
    }
  }
  for (Family* family : {&there, &lag_events, &lag_seconds, &quarantined, &partition_lag}) {
    families.push_back(std::move(*family).take());
  }
}

MetricFamily import_files(const Snapshot::ImportFiles& files) {
  Family family = counter("kartei_import_files_total", "Files of the import folder by outcome.");
  family.add({{"outcome", "processed"}}, files.processed);
  family.add({{"outcome", "duplicate"}}, files.duplicates);
  family.add({{"outcome", "refused"}}, files.refused);
  family.add({{"outcome", "failed"}}, files.failed);
  return std::move(family).take();
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
  families.push_back(single(gauge("kartei_expected_patients",
                                  "Patients of whom contacts came before they were registered."),
                            now.expected_patients));
  add_projections(now, families);
  families.push_back(import_files(now.import_files));
  std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
  return families;
}

}  // namespace infra::metrics
