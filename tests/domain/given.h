#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "domain/patient/decider.h"

// Given what happened, when someone asks for something, then this happens: how the decider's tests
// speak. Everything in the past happened yesterday; every question is asked now.
namespace tests {

inline constexpr core::Date kYesterday{std::chrono::year{2026} / 3 / 1};
inline constexpr core::Date kToday{std::chrono::year{2026} / 3 / 2};
inline constexpr core::Timestamp kThen = kYesterday + std::chrono::hours{9};
inline constexpr core::Timestamp kNow = kToday + std::chrono::hours{10};

inline constexpr patient::TherapistId kWeiss{11};
inline constexpr patient::TherapistId kSchwarz{22};
inline constexpr patient::TherapistId kBraun{33};

[[nodiscard]] patient::PatientId patient_number(std::int64_t number);

// The four required keys, and `more` over them. Sorted as a patch is.
[[nodiscard]] patient::Patch ada(const patient::Patch& more = {});
[[nodiscard]] patient::Create create(const patient::Patch& more = {});
[[nodiscard]] patient::Update update(patient::Patch fields);
[[nodiscard]] patient::Contact contact(core::Timestamp at, const std::string& source);

// Happenings of yesterday. `created` names every key that is not null; `more` may hold any key.
[[nodiscard]] patient::Happening created(const patient::Patch& more = {});
[[nodiscard]] patient::Happening excluded(patient::TherapistId therapist,
                                          std::optional<std::string> reason = std::nullopt,
                                          core::Date since = kYesterday);
[[nodiscard]] patient::Happening contacted(core::Timestamp at, const std::string& source);
[[nodiscard]] patient::Happening changed(patient::Key key, patient::Value to);
[[nodiscard]] patient::Happening deleted();

// The change of `updated_at` that every first change of today brings along.
[[nodiscard]] patient::KeyChange touched_today();
[[nodiscard]] patient::KeyChange therapists(patient::TherapistIds before,
                                            patient::TherapistIds after);

[[nodiscard]] patient::Recorded recorded(const patient::Happening& happening,
                                         patient::Sequence sequence,
                                         core::Timestamp at,
                                         std::uint8_t command);
[[nodiscard]] patient::State fold(const patient::Happenings& happenings);

// As a person reads it, for failures.
[[nodiscard]] std::string describe(const patient::Happenings& happenings);

class Scene {
 public:
  explicit Scene(patient::State state) : state_(std::move(state)) {}

  Scene& when(const patient::Command& command,
              const char* file = __builtin_FILE(),
              int line = __builtin_LINE());
  // Exactly these, with exactly these changes.
  Scene& then(const patient::Happenings& expected);
  Scene& nothing_happens() { return then({}); }
  Scene& refused(patient::RefusalCode code);

  // The state after everything that happened, for what no change says.
  [[nodiscard]] const patient::State& state() const { return state_; }
  [[nodiscard]] const patient::Refusal& refusal() const { return decision_->error(); }

 private:
  patient::State state_;
  std::optional<patient::Decision> decision_;
  std::string place_;
};

[[nodiscard]] inline Scene given(const patient::Happenings& past) { return Scene{fold(past)}; }

}  // namespace tests
