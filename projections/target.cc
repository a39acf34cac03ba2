#include "projections/target.h"

#include <map>
#include <string>

#include "domain/core/broken.h"

namespace projections {
namespace {

Checkpoint taken_over(ReadStore& store) {
  store.take_over();
  return store.checkpoint();
}

}  // namespace

Target::Target(const Projection& projection, ReadStore& store)
    : projection_(projection), store_(store), checkpoint_(taken_over(store)) {
  for (Quarantined& entry : store_.quarantined()) quarantined_.insert(std::move(entry.patient));
}

void Target::commit(const Change& change) {
  if (!store_.commit(change)) {
    throw core::Broken(
        core::Breakage::locked,
        "another worker has taken over the read model " + std::string{projection_.name});
  }
  for (const patient::PatientId& id : change.healed) quarantined_.erase(id);
  for (const Quarantined& entry : change.quarantined) quarantined_.insert(entry.patient);
  for (const auto& [partition, checkpoint] : change.checkpoints) {
    checkpoint_.partitions[static_cast<std::size_t>(partition.get())] = checkpoint;
  }
}

Change::Replace replacement(const Projection& projection,
                            const patient::PatientId& id,
                            const patient::State& state) {
  Change::Replace replace{id, {}};
  std::get<StateRows>(projection.rows)(id, state, replace.rows);
  return replace;
}

std::vector<DecodedPatient> decode_last(ports::EventCodec& codec, std::vector<Item> items) {
  std::map<std::string_view, Item*> last;
  for (Item& item : items) last[item.patient.text()] = &item;
  std::vector<DecodedPatient> decoded;
  decoded.reserve(last.size());
  for (const auto& [key, item] : last) {
    auto state = item->value ? std::optional{decode_state(codec, item->patient, *item->value)}
                             : std::nullopt;
    decoded.push_back({std::move(*item), std::move(state)});
  }
  return decoded;
}

Change state_change(const Target& target,
                    std::span<const DecodedPatient> patients,
                    std::int32_t code_version) {
  Change change;
  change.steps.reserve(patients.size());
  for (const auto& [item, state] : patients) {
    if (state && !*state) {
      change.steps.emplace_back(Change::Replace{item.patient, {}});
      change.quarantined.push_back({item.patient,
                                    item.partition,
                                    item.offset,
                                    state->error().why,
                                    item.appended_at,
                                    code_version});
      continue;
    }
    change.steps.emplace_back(state ? replacement(target.projection(), item.patient, state->value())
                                    : Change::Replace{item.patient, {}});
    if (target.is_quarantined(item.patient)) change.healed.push_back(item.patient);
  }
  return change;
}

}  // namespace projections
