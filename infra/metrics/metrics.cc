#include "infra/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <utility>

#include "domain/patient/events.h"
#include "infra/metrics/exchanges.h"
#include "infra/metrics/standing.h"

namespace infra::metrics {
namespace {

using prometheus::Counter;
using prometheus::Registry;

constexpr std::array<std::string_view, 6> kCommandOutcomes{
    "done", "nothing_to_change", "deduplicated", "refused", "unknown", "broken"};
constexpr std::array<std::string_view, 4> kTransactionOutcomes{
    "committed", "fenced", "unknown", "refused"};
constexpr std::array<std::string_view, 4> kForwardOutcomes{
    "answered", "unreachable", "unknown", "busy"};

std::array<std::string_view, patient::kEventTypeCount + 1> event_types() {
  std::array<std::string_view, patient::kEventTypeCount + 1> all;
  for (std::size_t type = 0; type < patient::kEventTypeCount; ++type) {
    all.at(type) = patient::name(static_cast<patient::EventType>(type));
  }
  all.back() = "other";
  return all;
}

// A commit to a disk takes a few hundred microseconds, to Kafka some milliseconds.
const prometheus::Histogram::BucketBoundaries& append_seconds() {
  static const prometheus::Histogram::BucketBoundaries all{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};
  return all;
}

// A counter for each value of its one label, all there from the beginning: a rate that is asked
// for before the first event is 0 and not missing.
template <std::size_t Count>
class Counters {
 public:
  struct Named {
    const char* name;
    const char* help;
    const char* label;
  };
  Counters(Registry& registry,
           const Named& named,
           const std::array<std::string_view, Count>& values) {
    auto& family = prometheus::BuildCounter().Name(named.name).Help(named.help).Register(registry);
    for (std::size_t at = 0; at < Count; ++at) {
      counters_.at(at) = &family.Add({{named.label, std::string{values.at(at)}}});
    }
  }

  void count(std::size_t at) { counters_.at(at)->Increment(); }

 private:
  std::array<Counter*, Count> counters_{};
};

template <class Enum>
std::size_t index_of(Enum value) {
  return static_cast<std::size_t>(value);
}

}  // namespace

struct Metrics::Parts {
  Registry registry;
  Exchanges exchanges{registry, kExchangeKindsMax};
  Counters<kCommandOutcomes.size()> commands{
      registry,
      {"kartei_commands_total", "Commands by what came of them.", "outcome"},
      kCommandOutcomes};
  prometheus::Histogram& appends =
      prometheus::BuildHistogram()
          .Name("kartei_append_duration_seconds")
          .Help("How long transactions of the log took, whatever came of them.")
          .Register(registry)
          .Add({}, append_seconds());
  Counters<kTransactionOutcomes.size()> transactions{
      registry,
      {"kartei_transactions_total", "Transactions of the log by how they ended.", "outcome"},
      kTransactionOutcomes};
  Counters<kForwardOutcomes.size()> forwards{
      registry,
      {"kartei_forwarded_requests_total",
       "Requests for changes that a standby passed on to the writer by what came of that.",
       "outcome"},
      kForwardOutcomes};
  const std::array<std::string_view, patient::kEventTypeCount + 1> types = event_types();
  Counters<patient::kEventTypeCount + 1> events{
      registry,
      {"kartei_events_published_total", "Events that are in the log by their type.", "type"},
      types};
};

Metrics::Metrics() : parts_(std::make_unique<Parts>()) {}
Metrics::~Metrics() = default;

void Metrics::exchanged(std::string_view method,
                        std::string_view route,
                        int status,
                        std::chrono::nanoseconds duration) {
  parts_->exchanges.observe(method, route, status, duration);
}

void Metrics::commanded(CommandOutcome outcome) { parts_->commands.count(index_of(outcome)); }

void Metrics::appended(std::chrono::nanoseconds duration) {
  parts_->appends.Observe(std::chrono::duration<double>{duration}.count());
}

void Metrics::transacted(TransactionOutcome outcome) {
  parts_->transactions.count(index_of(outcome));
}

void Metrics::forwarded(ForwardOutcome outcome) { parts_->forwards.count(index_of(outcome)); }

void Metrics::published(std::string_view type) {
  const auto& types = parts_->types;
  const auto found = std::find(types.begin(), types.end() - 1, type);
  parts_->events.count(static_cast<std::size_t>(found - types.begin()));
}

std::string Metrics::text(const Snapshot& now) const {
  auto families = parts_->registry.Collect();
  // Their order is that of hash maps, and people compare scrapes.
  for (auto& family : families) {
    std::sort(family.metric.begin(), family.metric.end(), [](const auto& one, const auto& other) {
      return one.label < other.label;
    });
  }
  auto standing = families_of(now);
  std::move(standing.begin(), standing.end(), std::back_inserter(families));
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, families);
  return std::move(out).str();
}

}  // namespace infra::metrics
