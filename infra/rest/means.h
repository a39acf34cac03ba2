#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/ports/clock.h"
#include "infra/access/access_log.h"
#include "infra/metrics/metrics.h"
#include "infra/rest/asking.h"
#include "infra/rest/commanding.h"
#include "infra/rest/streaming.h"
#include "infra/service/host.h"

namespace infra::ingest {
class ImportMonitor;
}

namespace infra::reactors {
class Confirming;
}

namespace infra::rest {

// What actions work with. All of it outlives every call and may be used by any thread.
struct Means {
  service::Host& host;
  ports::Clock& clock;
  Asking& asking;
  Commanding& commanding;
  Streaming& streaming;
  metrics::Metrics& metrics;
  // One for each place in which registrations arrive.
  std::vector<const ingest::ImportMonitor*> import_monitors;
  const reactors::Confirming* confirming;    // none: no mail confirms registrations
  access::ReadLog* read_log;                 // none: it is not kept
  std::function<std::size_t()> connections;  // that are open now
  std::string brokers;                       // of a log on Kafka, and its topics
  std::vector<std::string> topics;
};

}  // namespace infra::rest
