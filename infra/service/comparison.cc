#include "infra/service/comparison.h"

#include <algorithm>

#include "domain/core/match.h"
#include "domain/patient/ids.h"
#include "infra/service/log_until.h"
#include "infra/service/parts.h"
#include "projections/worker.h"

namespace infra::service {

using core::Failure;
using core::Raw;
using projections::Checkpoint;
using projections::Projection;
using read_models::SqliteStore;

namespace {

// The keeper of the live read models needs milliseconds, unless it makes one again.
constexpr std::chrono::seconds kMovesWithin{60};
constexpr int kLooksMax = 5;

// Brings `store` to `place`, which nothing that it has seen lies behind. False: it was there.
bool bring_to(Kartei::Parts& parts,
              const Projection& projection,
              SqliteStore& store,
              const Checkpoint& place) {
  const Checkpoint from = store.checkpoint();
  std::vector<ports::Offset> ends;
  for (std::size_t at = 0; at < place.partitions.size(); ++at)
    ends.push_back(std::max(place.partitions[at].next, from.partitions[at].next));
  const LogUntil log{parts.log(), {ends, ends}};  // It reads one of the topics.
  return projections::catch_up(log, parts.codec, projection, store).records > 0;
}

Raw to_raw(const projections::Cell& cell) {
  return core::match(
      cell,
      [](std::monostate) { return Raw{Raw::Null{}}; },
      [](std::int64_t number) { return Raw{number}; },
      [](const std::string& bytes) { return Raw{bytes}; });
}

// The patient as other answers name it: a number when it is one.
Raw patient_raw(const std::string& id_text) {
  const auto id = patient::PatientId::parse(id_text);
  const auto number = id ? id->number() : std::nullopt;
  return number ? Raw{*number} : Raw{id_text};
}

}  // namespace

Raw to_raw(std::string_view name, const projections::Comparison& comparison) {
  Raw::Array drift;
  for (const projections::Drift& one : comparison.drift) {
    drift.push_back(Raw{Raw::Object{{"patient_id", patient_raw(one.patient_id)},
                                    {"table", Raw{one.table}},
                                    {"column", Raw{one.column}},
                                    {"live", to_raw(one.live)},
                                    {"rebuilt", to_raw(one.rebuilt)}}});
  }
  return Raw{Raw::Object{{"name", Raw{std::string{name}}},
                         {"rows", Raw{comparison.rows}},
                         {"drift", Raw{std::move(drift)}}}};
}

Outcome<projections::Comparison> compare_with_live(Kartei::Parts& parts,
                                                   const Projection& projection,
                                                   SqliteStore& rebuilt) {
  LiveModels& models = parts.models();
  return models.healed({projection.name}, [&]() -> Outcome<projections::Comparison> {
    for (int look = 1;; ++look) {
      const std::string seen = token_of({rebuilt.file(), rebuilt.checkpoint(), projection.topic()});
      const auto view = models.view(projection.name, {seen, kMovesWithin});
      if (!view) return Failure{view.error()};
      const auto live = SqliteStore::open(view.value().file, projection);
      live->hold_still();
      const bool moved = bring_to(parts, projection, rebuilt, live->checkpoint());
      auto comparison = projections::compare(projection, *live, rebuilt);
      // What was compacted away while `rebuilt` was brought on looks like drift, and comes again
      // with the record that took its place.
      if (comparison.drifted == 0 || !moved || look == kLooksMax) return comparison;
    }
  });
}

}  // namespace infra::service
