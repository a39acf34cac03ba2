#pragma once

#include <random>

#include "domain/patient/commands.h"

namespace tests {

// Commands that meet each other often: few therapists, few texts, few contact sources.
class RandomCommands {
 public:
  explicit RandomCommands(std::uint64_t seed) : random_(seed) {}

  // Below `bound`.
  [[nodiscard]] std::size_t number(std::size_t bound) { return random_() % bound; }
  [[nodiscard]] bool one_in(std::size_t chances) { return number(chances) == 0; }

  // `now` is near the contacts' times. Deletes rarely.
  [[nodiscard]] patient::Command next(core::Timestamp now);

 private:
  [[nodiscard]] patient::Value value(patient::Key key);
  [[nodiscard]] patient::Patch patch();
  [[nodiscard]] patient::Status status() {
    return static_cast<patient::Status>(number(patient::kStatusCount));
  }
  [[nodiscard]] patient::TherapistId therapist() {
    return patient::TherapistId{static_cast<std::int64_t>(number(4)) + 1};
  }
  [[nodiscard]] patient::TherapistIds therapists();
  [[nodiscard]] std::optional<std::string> reason();
  [[nodiscard]] patient::Command create();
  [[nodiscard]] patient::Command update();
  [[nodiscard]] patient::Command contact(core::Timestamp now);

  std::mt19937_64 random_;
};

}  // namespace tests
