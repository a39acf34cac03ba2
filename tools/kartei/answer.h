#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "domain/core/raw.h"
#include "infra/service/problem.h"

namespace kartei {

// The statuses that the program ends with (README.md has the table).
inline constexpr int kExitDone = 0;
inline constexpr int kExitDefect = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotFound = 3;
inline constexpr int kExitRefused = 4;
inline constexpr int kExitConflict = 5;
inline constexpr int kExitTryAgain = 6;
inline constexpr int kExitFound = 7;

// What a verb answers: one document, and how to put it to a person.
struct Answer {
  core::Raw data;
  std::function<std::string(const core::Raw& data)> for_people;
  std::optional<std::string> position = std::nullopt;     // token
  std::optional<std::int64_t> lag_events = std::nullopt;  // of a query
  int exit_status = kExitDone;
  bool was_said = false;  // the verb has said on stdout what there is to say
};

// How a verb says no: thrown at any depth, caught once in `run`.
class Declined : public std::exception {
 public:
  explicit Declined(infra::service::Problem problem) : problem_(std::move(problem)) {}
  [[nodiscard]] const infra::service::Problem& problem() const noexcept { return problem_; }
  [[nodiscard]] const char* what() const noexcept override { return problem_.message.c_str(); }

 private:
  infra::service::Problem problem_;
};

// The command line itself is wrong. `sentence` repeats nothing that may be personal.
[[noreturn]] void decline_usage(std::string sentence);
// One value breaks a rule: `invalid`, with `details.fields`.
[[noreturn]] void decline_field(const std::string& key, const std::string& why);

// The value, or its problem thrown.
template <class T>
[[nodiscard]] T value_or_decline(infra::service::Outcome<T> outcome) {
  if (!outcome) throw Declined{outcome.error()};
  return std::move(outcome).value();
}

[[nodiscard]] int exit_status_of(infra::service::ProblemCode code);

}  // namespace kartei
