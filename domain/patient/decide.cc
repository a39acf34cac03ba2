#include <algorithm>

#include "domain/core/match.h"
#include "domain/core/text.h"
#include "domain/patient/decider.h"
#include "domain/patient/draft.h"

namespace patient {
namespace {

using core::Failure;

Failure<Refusal> refuse(RefusalCode code, std::string message) {
  return Failure{Refusal{code, std::move(message), {}, std::nullopt}};
}

Failure<Refusal> not_found() { return refuse(RefusalCode::not_found, "there is no such patient"); }

Failure<Refusal> deleted() {
  return refuse(
      RefusalCode::deleted,
      "the patient was deleted; a deleted patient does not change and does not come back");
}

Failure<Refusal> invalid(const std::string& key, std::string why) {
  return Failure{Refusal{RefusalCode::invalid, key + ' ' + why, {{key, why}}, std::nullopt}};
}

// Answers for every standing but OnFile; `act` answers for that.
template <class Act>
Decision on_file(const State& state, Act&& act) {
  return core::match(
      state.standing,
      [](const NeverSeen&) -> Decision { return not_found(); },
      [](const Expected&) -> Decision { return not_found(); },
      [](const Gone&) -> Decision { return deleted(); },
      [&](const OnFile& patient) -> Decision { return act(patient); });
}

bool ready_to_search(const Fields& fields) {
  return fields.flag(Key::vertraege_unterschrieben) && fields.flag(Key::zahlung_eingegangen);
}

Decision decide_create(const Create& command, const State& state, core::Timestamp now) {
  if (std::holds_alternative<Gone>(state.standing)) return deleted();
  if (state.on_file() != nullptr)
    return refuse(RefusalCode::already_exists, "the patient exists already");
  const core::Date today = core::day_of(now);
  OnFile patient;
  for (const auto& [key, value] : command.fields) patient.fields.set(key, value);
  if (command.status) patient.fields.set(Key::status, *command.status);
  patient.fields.set(Key::created_at, today);
  if (state.last_contact)
    patient.fields.set(Key::letzter_kontakt, core::day_of(state.last_contact->at));
  const bool searching = ready_to_search(patient.fields);
  if (searching) patient.fields.set(Key::startdatum, today);

  Changes first;
  for (const KeyInfo& key : all_keys()) {
    const Value& value = patient.fields[key.key];
    if (key.key == Key::ausgeschlossene_therapeuten || is_null(value)) continue;
    first.push_back({key.key, None{}, value});
  }
  Happenings happenings{{Created{command.registration}, std::move(first)}};
  Draft draft{std::move(patient), Draft::Moves::nothing, today};
  for (const TherapistId therapist : command.excluded) {
    happenings.push_back(draft.exclude(therapist, std::nullopt));
  }
  if (searching && draft.status() == Status::offen) {
    happenings.push_back(draft.change_status(Status::auf_der_suche));
  }
  return happenings;
}

Decision decide_update(const Update& command, const OnFile& patient, core::Date today) {
  TherapistIds added;
  if (command.excluded) {
    for (const auto& [therapist, exclusion] : patient.exclusions) {
      if (std::binary_search(command.excluded->begin(), command.excluded->end(), therapist))
        continue;
      return invalid(std::string{name(Key::ausgeschlossene_therapeuten)},
                     "lacks a therapist who is excluded now; use `include` to revoke an exclusion");
    }
    for (const TherapistId therapist : *command.excluded) {
      if (!patient.exclusions.contains(therapist)) added.push_back(therapist);
    }
  }
  Draft draft{patient, Draft::Moves::updated_at, today};
  Patch patch = command.fields;
  const bool was_ready = ready_to_search(patient.fields);
  const bool is_ready = ready_to_search(draft.preview(patch).fields);
  const bool fires = is_ready && !was_ready;
  if (fires && is_null(patient.fields[Key::startdatum])) patch.emplace_back(Key::startdatum, today);

  Happenings happenings;
  if (auto updated = draft.update(patch)) happenings.push_back(std::move(*updated));
  for (const TherapistId therapist : added)
    happenings.push_back(draft.exclude(therapist, std::nullopt));
  Status status = command.status.value_or(draft.status());
  if (fires && status == Status::offen) status = Status::auf_der_suche;
  if (status != draft.status()) happenings.push_back(draft.change_status(status));
  return happenings;
}

Decision decide_exclude(const ExcludeTherapist& command, const OnFile& patient, core::Date today) {
  if (command.reason && !core::count_characters(*command.reason)) {
    return invalid("reason", "must be valid UTF-8 without NUL");
  }
  const auto present = patient.exclusions.find(command.therapist);
  if (present != patient.exclusions.end()) {
    if (!command.reason || command.reason == present->second.reason) return Happenings{};
  }
  return Happenings{
      Draft{patient, Draft::Moves::updated_at, today}.exclude(command.therapist, command.reason)};
}

Decision decide_contact(const RecordContact& command, const State& state, core::Timestamp now) {
  if (std::holds_alternative<Gone>(state.standing)) return deleted();
  if (command.reporter == Reporter::clerk && state.on_file() == nullptr) return not_found();
  const Contact& contact = command.contact;
  if (contact.at > now + std::chrono::days{1}) {
    return invalid("at", "is more than a day in the future");
  }
  const auto& known = state.contact_sources;
  if (std::find(known.begin(), known.end(), contact.source.digest.get()) != known.end())
    return Happenings{};
  Happening happening{ContactRecorded{contact}, {}};
  if (const OnFile* patient = state.on_file()) {
    const Value& latest = patient->fields[Key::letzter_kontakt];
    const core::Date day = core::day_of(contact.at);
    if (is_null(latest) || day > std::get<core::Date>(latest)) {
      happening.changes = Draft{*patient, Draft::Moves::updated_at, core::day_of(now)}.set(
          Key::letzter_kontakt, day);
    }
  }
  return Happenings{std::move(happening)};
}

}  // namespace

Decision decide(const Command& command, const State& state, core::Timestamp now) {
  const core::Date today = core::day_of(now);
  return core::match(
      command,
      [&](const Create& create) { return decide_create(create, state, now); },
      [&](const Update& update) {
        return on_file(
            state, [&](const OnFile& patient) { return decide_update(update, patient, today); });
      },
      [&](const ChangeStatus& change) {
        return on_file(state, [&](const OnFile& patient) -> Decision {
          if (patient.fields.status() == change.status) return Happenings{};
          return Happenings{
              Draft{patient, Draft::Moves::updated_at, today}.change_status(change.status)};
        });
      },
      [&](const ExcludeTherapist& exclude) {
        return on_file(
            state, [&](const OnFile& patient) { return decide_exclude(exclude, patient, today); });
      },
      [&](const IncludeTherapist& include) {
        return on_file(state, [&](const OnFile& patient) -> Decision {
          if (!patient.exclusions.contains(include.therapist)) return Happenings{};
          return Happenings{
              Draft{patient, Draft::Moves::updated_at, today}.include(include.therapist)};
        });
      },
      [&](const RecordContact& contact) { return decide_contact(contact, state, now); },
      [&](const Delete&) {
        return on_file(state, [](const OnFile&) -> Decision {
          return Happenings{{Deleted{}, {}}};
        });
      },
      [&](const Restate&) -> Decision {
        if (std::holds_alternative<NeverSeen>(state.standing)) return not_found();
        return Happenings{{Restated{}, {}}};
      });
}

}  // namespace patient
