#pragma once

#include <memory>
#include <vector>

#include "infra/ingest/import_watch.h"
#include "tools/kartei/serving.h"

namespace kartei {

// The import of what arrives in one place, on a thread of its own.
class Importing {
 public:
  virtual ~Importing() = default;
  [[nodiscard]] virtual const infra::ingest::ImportMonitor& monitor() const = 0;
  // ImportWatch::stop; what waits for another machine meanwhile is given up.
  virtual void stop() = 0;
};

// Each place that the options name. `host` and what `given` refers to must outlive them.
[[nodiscard]] std::vector<std::unique_ptr<Importing>> import_from(
    const ServeOptions& options,
    infra::service::Host& host,
    const infra::service::Surroundings& given);
[[nodiscard]] std::vector<const infra::ingest::ImportMonitor*> monitors_of(
    const std::vector<std::unique_ptr<Importing>>& importing);

}  // namespace kartei
