#include "infra/queries/timeline.h"

#include <functional>

#include "domain/core/broken.h"
#include "domain/patient/decider.h"
#include "infra/sqlite/statement.h"

namespace infra::queries {
namespace {

using core::Raw;

void for_each_event(sqlite::Connection& timeline,
                    ports::EventCodec& codec,
                    const patient::PatientId& id,
                    const std::function<void(const patient::Recorded&)>& sink) {
  sqlite::Statement select{timeline,
                           "SELECT record FROM timeline WHERE patient_id = ?1 ORDER BY sequence"};
  select.bind(1, id.text());
  while (select.step()) {
    const auto recorded = codec.decode_history(select.bytes(0));
    if (!recorded) {
      throw core::Broken(core::Breakage::corrupt,
                         "timeline: a kept record cannot be decoded (" + recorded.error().why +
                             "); rebuild timeline");
    }
    sink(recorded.value());
  }
}

Raw changes_of(const patient::Recorded& recorded) {
  Raw::Object changes;
  for (const patient::KeyChange& change : recorded.changes) {
    changes.emplace_back(
        std::string{name(change.key)},
        Raw{Raw::Array{patient::to_raw(change.before), patient::to_raw(change.after)}});
  }
  return Raw{std::move(changes)};
}

}  // namespace

Raw history(sqlite::Connection& timeline, ports::EventCodec& codec, const patient::PatientId& id) {
  Raw::Array events;
  for_each_event(timeline, codec, id, [&](const patient::Recorded& recorded) {
    const patient::Envelope& envelope = recorded.envelope;
    events.push_back(Raw{Raw::Object{{"sequence", Raw{envelope.sequence.get()}},
                                     {"type", Raw{std::string{name(type_of(recorded.event))}}},
                                     {"occurred_at", Raw{core::format(envelope.occurred_at)}},
                                     {"recorded_at", Raw{core::format(envelope.recorded_at)}},
                                     {"actor", Raw{envelope.actor}},
                                     {"changes", changes_of(recorded)}}});
  });
  return Raw{std::move(events)};
}

patient::State fold_until(sqlite::Connection& timeline,
                          ports::EventCodec& codec,
                          const patient::PatientId& id,
                          std::optional<core::Timestamp> as_of) {
  patient::State state;
  for_each_event(timeline, codec, id, [&](const patient::Recorded& recorded) {
    if (as_of && recorded.envelope.recorded_at > *as_of) return;
    state = patient::evolve(std::move(state), recorded);
  });
  return state;
}

}  // namespace infra::queries
