#pragma once

#include <cereal/types/array.hpp>
#include <cereal/types/chrono.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>

#include "domain/patient/state.h"

// What of a State stands where in a snapshot. Cereal finds these by the types' namespace. It knows
// most of what a state is made of; the types that are no value until they are given one (ids, and
// what holds them) are written out by hand.
//
// Any change here, in State, or in the order of an enum or variant that a State holds needs another
// kSnapshotVersion (snapshot.cc).
namespace patient {

template <class Archive>
void serialize(Archive& archive, Slot& slot) {
  archive(slot.from, slot.to);
}
template <class Archive>
void serialize(Archive& archive, Availability& availability) {
  for (auto& slots : availability.days) archive(slots);  // Always seven.
}
template <class Archive>
void serialize(Archive& archive, Radius& radius) {
  archive(radius.max_km);
}
template <class Archive>
void serialize(Archive& archive, Exclusion& exclusion) {
  archive(exclusion.reason, exclusion.since);
}
template <class Archive>
void serialize(Archive& archive, LastContact& contact) {
  archive(contact.at, contact.channel, contact.source);
}
template <class Archive>
void serialize(Archive& archive, RegistrationIdentity& identity) {
  archive(identity.token, identity.digest);
}

template <class Archive>
void save(Archive& archive, const TherapistIds& therapists) {
  archive(cereal::make_size_tag(static_cast<cereal::size_type>(therapists.size())));
  for (const TherapistId therapist : therapists) archive(therapist.get());
}
template <class Archive>
void load(Archive& archive, TherapistIds& therapists) {
  cereal::size_type size = 0;
  archive(cereal::make_size_tag(size));
  for (cereal::size_type at = 0; at < size; ++at) {
    std::int64_t number = 0;
    archive(number);
    therapists.emplace_back(number);
  }
}

template <class Archive>
void save(Archive& archive, const Fields& fields) {
  for (const KeyInfo& known : all_keys()) archive(fields[known.key]);
}
template <class Archive>
void load(Archive& archive, Fields& fields) {
  for (const KeyInfo& known : all_keys()) {
    Value value;
    archive(value);
    fields.set(known.key, std::move(value));
  }
}

template <class Archive>
void save(Archive& archive, const OnFile& patient) {
  archive(patient.fields, patient.status_since);
  archive(cereal::make_size_tag(static_cast<cereal::size_type>(patient.exclusions.size())));
  for (const auto& [therapist, exclusion] : patient.exclusions) archive(therapist.get(), exclusion);
}
template <class Archive>
void load(Archive& archive, OnFile& patient) {
  archive(patient.fields, patient.status_since);
  cereal::size_type size = 0;
  archive(cereal::make_size_tag(size));
  for (cereal::size_type at = 0; at < size; ++at) {
    std::int64_t therapist = 0;
    Exclusion exclusion;
    archive(therapist, exclusion);
    patient.exclusions.emplace_hint(
        patient.exclusions.end(), TherapistId{therapist}, std::move(exclusion));
  }
}

template <class Archive>
void save(Archive& archive, const EventTypes& events) {
  archive(cereal::make_size_tag(static_cast<cereal::size_type>(events.size())));
  for (const EventType type : events) archive(type);
}
template <class Archive>
void load(Archive& archive, EventTypes& events) {
  cereal::size_type size = 0;
  archive(cereal::make_size_tag(size));
  for (cereal::size_type at = 0; at < size; ++at) {
    EventType type{};
    archive(type);
    events.push_back(type);
  }
}

using Sources = Newest<std::uint64_t, kRememberedSourcesMax>;
template <class Archive>
void save(Archive& archive, const Sources& sources) {
  archive(cereal::make_size_tag(static_cast<cereal::size_type>(sources.size())));
  if (sources.empty()) return;
  archive(cereal::binary_data(sources.begin(), sources.size() * sizeof(std::uint64_t)));
}
template <class Archive>
void load(Archive& archive, Sources& sources) {
  std::vector<std::uint64_t> entries;
  archive(entries);
  sources = Sources{std::move(entries)};
}

using Commands = Newest<RememberedCommand, kRememberedCommandsMax>;
template <class Archive>
void save(Archive& archive, const Commands& commands) {
  archive(cereal::make_size_tag(static_cast<cereal::size_type>(commands.size())));
  for (const RememberedCommand& command : commands)
    archive(command.id.get().bytes, command.digest.get(), command.sequence.get(), command.events);
}
template <class Archive>
void load(Archive& archive, Commands& commands) {
  std::vector<RememberedCommand> entries;
  cereal::size_type size = 0;
  archive(cereal::make_size_tag(size));
  for (cereal::size_type at = 0; at < size; ++at) {
    core::Uuid id;
    std::uint64_t digest = 0;
    std::int64_t sequence = 0;
    EventTypes events;
    archive(id.bytes, digest, sequence, events);
    entries.push_back({CommandId{id}, Digest{digest}, Sequence{sequence}, std::move(events)});
  }
  commands = Commands{std::move(entries)};
}

template <class Archive>
void save(Archive& archive, const State& state) {
  archive(state.sequence.get(),
          state.sequence_without_contacts.get(),
          state.recorded_at,
          state.standing,
          state.last_contact,
          state.contact_sources,
          state.registration,
          state.commands);
}
template <class Archive>
void load(Archive& archive, State& state) {
  std::int64_t sequence = 0;
  std::int64_t sequence_without_contacts = 0;
  archive(sequence,
          sequence_without_contacts,
          state.recorded_at,
          state.standing,
          state.last_contact,
          state.contact_sources,
          state.registration,
          state.commands);
  state.sequence = Sequence{sequence};
  state.sequence_without_contacts = Sequence{sequence_without_contacts};
}

}  // namespace patient
