#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "domain/patient/commands.h"
#include "domain/patient/state.h"

namespace patient {

// A patient while a command is being decided: each step makes one happening, names every key that
// it changes with its old and new value, and the next step sees what the step before made.
class Draft {
 public:
  // `updated_at` stays null at creation and moves with every later change of a key.
  enum class Moves { nothing, updated_at };

  Draft(OnFile patient, Moves moves, core::Date today)
      : patient_(std::move(patient)), moves_(moves), today_(today) {}

  [[nodiscard]] Status status() const { return patient_.fields.status(); }

  // The patient as `patch` would leave it.
  [[nodiscard]] OnFile preview(const Patch& patch) const {
    OnFile after = patient_;
    for (const auto& [key, value] : patch) after.fields.set(key, value);
    return after;
  }

  // Nothing when every key has its new value already.
  [[nodiscard]] std::optional<Happening> update(const Patch& patch) {
    Changes changes;
    for (const auto& [key, value] : patch) change(key, value, changes);
    if (changes.empty()) return std::nullopt;
    return Happening{Updated{}, finish(std::move(changes))};
  }

  [[nodiscard]] Changes set(Key key, Value value) {
    Changes changes;
    change(key, std::move(value), changes);
    return finish(std::move(changes));
  }

  [[nodiscard]] Happening change_status(Status status) {
    return {StatusChanged{}, set(Key::status, status)};
  }

  // A therapist who is excluded already keeps the day of the first exclusion.
  [[nodiscard]] Happening exclude(TherapistId therapist, std::optional<std::string> reason) {
    const Value before = therapists_of(patient_.exclusions);
    const Exclusion exclusion{std::move(reason), today_};
    auto& kept = patient_.exclusions.try_emplace(therapist, exclusion).first->second;
    kept.reason = exclusion.reason;
    return {TherapistExcluded{therapist, kept.reason, kept.since}, exclusions_changed(before)};
  }

  [[nodiscard]] Happening include(TherapistId therapist) {
    const Value before = therapists_of(patient_.exclusions);
    patient_.exclusions.erase(therapist);
    return {TherapistExclusionRevoked{therapist}, exclusions_changed(before)};
  }

 private:
  void change(Key key, Value value, Changes& changes) {
    if (patient_.fields[key] == value) return;
    changes.push_back({key, patient_.fields[key], value});
    patient_.fields.set(key, std::move(value));
  }

  [[nodiscard]] Changes exclusions_changed(const Value& before) {
    Value after = therapists_of(patient_.exclusions);
    if (after == before) return {};
    return finish({{Key::ausgeschlossene_therapeuten, before, std::move(after)}});
  }

  [[nodiscard]] Changes finish(Changes changes) {
    if (!changes.empty() && moves_ == Moves::updated_at) change(Key::updated_at, today_, changes);
    std::sort(changes.begin(), changes.end(), [](const KeyChange& a, const KeyChange& b) {
      return a.key < b.key;
    });
    return changes;
  }

  OnFile patient_;
  Moves moves_;
  core::Date today_;
};

}  // namespace patient
