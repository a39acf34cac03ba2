#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/core/time.h"
#include "domain/patient/parse.h"
#include "infra/rest/call.h"
#include "infra/service/problem.h"

// From what a request says to values. What is wrong is thrown as `Declined`, caught once in Rest.
namespace infra::rest {

// How an action says no, at any depth.
struct Declined {
  http::Response answer;
};
[[noreturn]] void decline(const service::Problem& problem);
// One value of the request breaks a rule: `invalid`, with `details.fields`.
[[noreturn]] void decline_field(const std::string& key, const std::string& why);

// The patient that the path names. What cannot be a patient's id is not there.
[[nodiscard]] patient::PatientId patient_of(const Call& call);
[[nodiscard]] patient::TherapistId therapist_of(const Call& call);

// Declines (415) a body that is said to be of another type.
void expect_type(const http::Request& request, std::string_view known);

// The body as a JSON object; an empty body where `may_be_empty` is an empty object.
[[nodiscard]] core::Raw body_of(const http::Request& request, bool may_be_empty = false);

// Parameters of the query. Unknown ones are refused, so that a misspelt filter is noticed.
void expect_parameters(const http::Request& request, std::initializer_list<std::string_view> known);
[[nodiscard]] std::optional<std::int64_t> number_parameter(const http::Request& request,
                                                           std::string_view name,
                                                           std::int64_t min,
                                                           std::int64_t max);
[[nodiscard]] bool flag_parameter(const http::Request& request, std::string_view name);
[[nodiscard]] std::optional<core::Date> date_parameter(const http::Request& request,
                                                       std::string_view name);
[[nodiscard]] std::optional<core::Timestamp> time_parameter(const http::Request& request,
                                                            std::string_view name);

template <class T>
[[nodiscard]] T parsed_or_decline(core::Result<T, patient::FieldErrors> result) {
  if (result) return std::move(result).value();
  decline(service::problem_of(patient::Refusal{
      patient::RefusalCode::invalid, "some values break a rule", result.error(), std::nullopt}));
}

}  // namespace infra::rest
