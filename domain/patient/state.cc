#include "domain/patient/state.h"

namespace patient {
namespace {

core::Raw id_to_raw(const PatientId& id) {
  if (const auto number = id.number()) return core::Raw{*number};
  return core::Raw{id.text()};
}

}  // namespace

TherapistIds therapists_of(const std::map<TherapistId, Exclusion>& exclusions) {
  TherapistIds therapists;
  therapists.reserve(exclusions.size());
  for (const auto& [therapist, exclusion] : exclusions) therapists.push_back(therapist);
  return therapists;
}

core::Raw to_raw(const PatientId& id, const OnFile& patient, Key key) {
  if (key == Key::id) return id_to_raw(id);
  if (key == Key::ausgeschlossene_therapeuten)
    return to_raw(Value{therapists_of(patient.exclusions)});
  return to_raw(patient.fields[key]);
}

core::Raw to_raw(const PatientId& id, const OnFile& patient) {
  core::Raw::Object object;
  object.reserve(kKeyCount);
  for (const KeyInfo& key : all_keys()) {
    object.emplace_back(std::string{key.name}, to_raw(id, patient, key.key));
  }
  return core::Raw{std::move(object)};
}

}  // namespace patient
