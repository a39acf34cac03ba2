#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "domain/handling/submission.h"
#include "domain/ports/clock.h"

namespace bench {

// People and events that nobody has ever met or lived through. The same seed gives the same ones.
class Invented {
 public:
  explicit Invented(std::uint64_t seed) : random_(seed) {}

  // A registration as the web form writes it, with consent: about 1.9 kB of JSON.
  [[nodiscard]] std::string registration(std::int64_t number);

  // Creates the next patient from a registration.
  [[nodiscard]] handling::Submission creation(std::int64_t number);
  // Something happens to a patient there is: mostly contacts, then changes of keys, of the status,
  // exclusions. `serial` is another one each time.
  [[nodiscard]] handling::Submission happening(std::int64_t patient,
                                               std::int64_t serial,
                                               core::Timestamp at);

  [[nodiscard]] std::uint64_t below(std::uint64_t end) { return random_() % end; }

 private:
  [[nodiscard]] core::Uuid uuid();
  [[nodiscard]] handling::Submission submission(std::optional<patient::PatientId> id,
                                                patient::Command command);
  [[nodiscard]] patient::Command change(std::int64_t serial);

  std::mt19937_64 random_;
};

// A clock that goes three minutes further with each look, so that a million events are six years.
class StridingClock final : public ports::Clock {
 public:
  [[nodiscard]] core::Timestamp now() override { return at_ += std::chrono::minutes{3}; }

 private:
  core::Timestamp at_ = std::chrono::sys_days{std::chrono::year{2019} / 1 / 1};
};

}  // namespace bench
