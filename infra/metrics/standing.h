#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "infra/metrics/snapshot.h"

// Included by the sources of this room alone.
namespace infra::metrics {

// The gauges, and the counters that others keep, which a snapshot says; pure. A family without
// samples is left out.
[[nodiscard]] std::vector<prometheus::MetricFamily> families_of(const Snapshot& now);

}  // namespace infra::metrics
