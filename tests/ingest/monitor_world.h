#pragma once

#include <memory>
#include <string>
#include <vector>

#include "infra/ingest/import_monitor.h"
#include "tests/domain/writer_world.h"
#include "tests/ingest/memory_arrivals.h"

namespace tests {

// The bytes of a file below tests/data.
[[nodiscard]] std::string sample(const std::string& path);
// The sample files of a folder below tests/data, in order.
[[nodiscard]] std::vector<std::string> samples_in(const std::string& folder);

// A writer, a place for arriving files, and who looks at it.
class MonitorWorld {
 public:
  explicit MonitorWorld(std::chrono::days retention = std::chrono::days{30});

  // Puts a sample there under its own name.
  void put_sample(const std::string& path);
  // Two looks: as many as a file needs.
  infra::ingest::ImportMonitor::Round two_rounds();
  // Another process on the same log and the same files.
  void restart();
  // A place that is not this world's own.
  void look_at(infra::ingest::Arrivals& other);

  [[nodiscard]] std::vector<std::string> names(infra::ingest::Shelf shelf);
  [[nodiscard]] std::size_t patients() const { return world.last_states().size(); }

  World world;
  MemoryArrivals arrivals{world.clock};
  std::vector<std::string> notices;
  infra::ingest::Importer::Handle handle;  // the world's writer, until a test says otherwise
  std::unique_ptr<infra::ingest::ImportMonitor> monitor;

 private:
  void make_monitor();
  std::chrono::days retention_;
  infra::ingest::Arrivals* looked_at_ = &arrivals;
};

}  // namespace tests
