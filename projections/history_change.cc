#include <map>
#include <unordered_map>

#include "domain/core/broken.h"
#include "projections/target.h"

namespace projections {
namespace {

using patient::PatientId;

bool erases(const patient::Recorded& recorded) {
  return std::holds_alternative<patient::Erased>(recorded.event);
}

void add_rows(const Projection& projection,
              const patient::Recorded& recorded,
              std::string_view bytes,
              Change& change) {
  if (erases(recorded)) {
    change.steps.emplace_back(Change::RemovePatient{recorded.envelope.patient_id});
  }
  Change::Add add;
  std::get<HistoryRows>(projection.rows)(recorded, bytes, add.rows);
  if (!add.rows.empty()) change.steps.emplace_back(std::move(add));
}

// All rows of the patients of one partition, up to `end`, from the log. `items` of other patients
// are not kept, so the memory is that of the few patients named.
void add_all_rows(const Target& target,
                  const ports::Log& log,
                  ports::EventCodec& codec,
                  std::span<const PatientId> patients,
                  ports::Partition partition,
                  ports::Offset end,
                  Change& change) {
  std::unordered_map<PatientId, std::map<std::int64_t, std::string>> histories;
  for (const PatientId& id : patients) histories.emplace(id, std::map<std::int64_t, std::string>{});
  const ports::Start start{partition, ports::Offset{0}};
  const auto reader = log.open_reader(ports::Topic::patient_history, std::span{&start, 1});
  const ports::Sink sink = [&](const ports::Record& record) {
    const auto key = parse_history_key(record.key);
    if (!key || record.offset >= end) return;
    const auto history = histories.find(key->patient);
    if (history == histories.end()) return;
    if (record.value) {
      history->second[key->sequence.get()] = *record.value;
    } else {
      history->second.erase(key->sequence.get());
    }
  };
  constexpr std::size_t kPollMax = 1000;
  while (reader->position(partition) < end && reader->poll(kPollMax, sink) > 0) {
  }
  for (const auto& [id, history] : histories) {
    change.steps.emplace_back(Change::RemovePatient{id});
    for (const auto& [sequence, bytes] : history) {
      const auto event = decode_event(codec, {id, patient::Sequence{sequence}}, bytes);
      if (event) add_rows(target.projection(), event.value(), bytes, change);
    }
  }
}

Quarantined quarantine(const Item& item, const ports::Undecodable& reason, std::int32_t version) {
  return {item.patient, item.partition, item.offset, reason.why, item.appended_at, version};
}

// Patients whose quarantine `items` begin, prolong or end, with their last readable-or-not item.
std::map<PatientId, const DecodedItem*> touched_by_quarantine(const Target& target,
                                                              std::span<const DecodedItem> items) {
  std::map<PatientId, const DecodedItem*> touched;
  for (const DecodedItem& decoded : items) {
    if (!decoded.event || decoded.item.offset < target.checkpoint(decoded.item.partition).next)
      continue;
    if (!*decoded.event || target.is_quarantined(decoded.item.patient))
      touched[decoded.item.patient] = &decoded;
  }
  for (const DecodedItem& decoded : items) {
    if (!decoded.event) continue;
    const auto found = touched.find(decoded.item.patient);
    if (found != touched.end()) found->second = &decoded;
  }
  return touched;
}

}  // namespace

std::vector<DecodedItem> decode(ports::EventCodec& codec, std::vector<Item> items) {
  std::vector<DecodedItem> decoded;
  decoded.reserve(items.size());
  for (Item& item : items) {
    decoded.push_back({std::move(item), std::nullopt});
    const Item& kept = decoded.back().item;
    if (kept.value)
      decoded.back().event = decode_event(codec, {kept.patient, kept.sequence}, *kept.value);
  }
  return decoded;
}

Change history_change(const Target& target,
                      const ports::Log& log,
                      ports::EventCodec& codec,
                      std::span<const DecodedItem> items,
                      std::int32_t code_version) {
  const auto touched = touched_by_quarantine(target, items);
  std::map<ports::Partition, std::pair<ports::Offset, std::vector<PatientId>>> healing;
  Change change;
  for (const DecodedItem& decoded : items) {
    const Item& item = decoded.item;
    if (item.offset < target.checkpoint(item.partition).next || touched.contains(item.patient))
      continue;
    if (!decoded.event) {
      change.steps.emplace_back(Change::RemoveEvent{item.patient, item.sequence});
    } else {
      add_rows(target.projection(), decoded.event->value(), *item.value, change);
    }
  }
  for (const auto& [id, last] : touched) {
    if (!*last->event) {
      change.steps.emplace_back(Change::RemovePatient{id});
      change.quarantined.push_back(quarantine(last->item, last->event->error(), code_version));
    } else {
      const auto& [partition, offset] = std::pair{last->item.partition, last->item.offset};
      healing.try_emplace(partition, offset, std::vector<PatientId>{})
          .first->second.second.push_back(id);
      change.healed.push_back(id);
    }
  }
  for (const DecodedItem& decoded : items) {  // Up to the last item, so that tombstones count.
    const auto found = healing.find(decoded.item.partition);
    if (found != healing.end()) found->second.first = ports::Offset{decoded.item.offset.get() + 1};
  }
  for (const auto& [partition, work] : healing) {
    add_all_rows(target, log, codec, work.second, partition, work.first, change);
  }
  return change;
}

Change read_again(const Target& target,
                  const ports::Log& log,
                  ports::EventCodec& codec,
                  std::int32_t code_version) {
  Change change;
  for (const Quarantined& entry : target.store().quarantined()) {
    if (entry.code_version >= code_version) continue;
    const ports::Start start{entry.partition, entry.offset};
    const auto reader = log.open_reader(target.topic(), std::span{&start, 1});
    std::optional<std::string> why;
    const ports::Sink sink = [&](const ports::Record& record) {
      if (record.offset != entry.offset || !record.value) return;
      if (target.projection().of_state()) {
        const auto state = decode_state(codec, entry.patient, *record.value);
        why = state ? std::string{} : state.error().why;
        if (state)
          change.steps.emplace_back(replacement(target.projection(), entry.patient, state.value()));
      } else if (const auto key = parse_history_key(record.key)) {
        const auto event = decode_event(codec, *key, *record.value);
        why = event ? std::string{} : event.error().why;
      }
    };
    static_cast<void>(reader->poll(1, sink));
    if (!why) continue;  // Compacted away: a later record is about to come.
    if (!why->empty()) {
      Quarantined again = entry;
      again.error = *why;
      again.code_version = code_version;
      change.quarantined.push_back(std::move(again));
      continue;
    }
    change.healed.push_back(entry.patient);
    if (!target.projection().of_state()) {
      add_all_rows(target,
                   log,
                   codec,
                   std::span{&entry.patient, 1},
                   entry.partition,
                   target.checkpoint(entry.partition).next,
                   change);
    }
  }
  return change;
}

}  // namespace projections
