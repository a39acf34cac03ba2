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

Change state_change(const Target& target,
                    ports::EventCodec& codec,
                    std::span<const Item> items,
                    std::int32_t code_version) {
  std::map<std::string_view, const Item*> latest;
  for (const Item& item : items) latest[item.patient.text()] = &item;
  Change change;
  change.steps.reserve(latest.size());
  for (const auto& [key, item] : latest) {
    const auto state = item->value ? std::optional{decode_state(codec, item->patient, *item->value)}
                                   : std::nullopt;
    if (state && !*state) {
      change.steps.emplace_back(Change::Replace{item->patient, {}});
      change.quarantined.push_back({item->patient,
                                    item->partition,
                                    item->offset,
                                    state->error().why,
                                    item->appended_at,
                                    code_version});
      continue;
    }
    change.steps.emplace_back(state
                                  ? replacement(target.projection(), item->patient, state->value())
                                  : Change::Replace{item->patient, {}});
    if (target.is_quarantined(item->patient)) change.healed.push_back(item->patient);
  }
  return change;
}

}  // namespace projections
