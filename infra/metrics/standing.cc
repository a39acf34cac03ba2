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
  for (const Snapshot::Projection& one : now.projections) {
    const Labels labels{{"projection", one.name}};
    there.add(labels, one.there ? 1 : 0);
    if (one.there) lag_events.add(labels, one.lag_events);
  }
  families.push_back(std::move(there).take());
  families.push_back(std::move(lag_events).take());
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
  add_projections(now, families);
  std::erase_if(families, [](const MetricFamily& family) { return family.metric.empty(); });
  return families;
}

}  // namespace infra::metrics
