#pragma once

#include <map>
#include <string>

#include "infra/metrics/metrics.h"

namespace testing_metrics {

// The text format as a scraper reads it. Every line that it would not take is a test failure, as
// is a family or a sample that is there twice.
struct Exposition {
  std::map<std::string, std::string> types;  // of families, by name
  std::map<std::string, double> samples;     // by name and labels, as they stand in the text

  explicit Exposition(const std::string& text);
  // -1: there is no such sample.
  [[nodiscard]] double at(const std::string& sample) const;
};

// Counts one of everything.
void count_everything(infra::metrics::Metrics& metrics);
// A snapshot in which everything has a sample.
[[nodiscard]] infra::metrics::Snapshot everything();

}  // namespace testing_metrics
