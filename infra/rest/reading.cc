#include "infra/rest/reading.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "infra/codec/json.h"
#include "infra/rest/answers.h"

namespace infra::rest {
namespace {

using core::Raw;
using service::ProblemCode;

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return result;
}

// Without parameters, in lower case; none: the request does not say it.
std::optional<std::string> type_of(const http::Request& request) {
  const auto type = request.header("content-type");
  if (!type) return std::nullopt;
  const std::string_view essence = type->substr(0, type->find(';'));
  return lower(essence.substr(0, essence.find_last_not_of(" \t") + 1));
}

// 3.0 is the number 3: so says JSON Schema, and so write some clients.
void make_whole_numbers_whole(Raw& raw) {
  if (auto* object = std::get_if<Raw::Object>(&raw.value)) {
    for (auto& [key, value] : *object) make_whole_numbers_whole(value);
  } else if (auto* array = std::get_if<Raw::Array>(&raw.value)) {
    for (Raw& element : *array) make_whole_numbers_whole(element);
  } else if (const auto* number = std::get_if<double>(&raw.value)) {
    constexpr auto kExact = static_cast<double>(patient::kNumberMax);
    const double whole = std::trunc(*number);
    if (std::abs(*number) <= kExact && !(whole < *number) && !(whole > *number))
      raw = Raw{static_cast<std::int64_t>(whole)};
  }
}

}  // namespace

void decline(const service::Problem& problem) { throw Declined{answer_of(problem)}; }

void decline_field(const std::string& key, const std::string& why) {
  decline({ProblemCode::invalid, key + ' ' + why, {{"fields", Raw{Raw::Object{{key, Raw{why}}}}}}});
}

patient::PatientId patient_of(const Call& call) {
  auto id = patient::PatientId::parse(call.names.at(0));
  if (!id) decline({ProblemCode::not_found, std::string{kPatientNotFound}});
  return *std::move(id);
}

patient::TherapistId therapist_of(const Call& call) {
  const auto therapist = patient::parse_therapist(call.names.at(1));
  if (!therapist) decline_field("therapist", "is a number from 1 to 9007199254740991");
  return *therapist;
}

void expect_type(const http::Request& request, std::string_view known) {
  const auto type = type_of(request);
  if (!type || *type == known) return;
  throw Declined{refusal(415, "unsupported_media_type", "send the body as " + std::string{known})};
}

Raw body_of(const http::Request& request, bool may_be_empty) {
  if (request.body.empty() && may_be_empty) return Raw{Raw::Object{}};
  const bool merges =
      request.method == "PATCH" && type_of(request) == "application/merge-patch+json";
  if (!merges) expect_type(request, "application/json");
  auto document = codec::read_json(request.body);
  if (!document) {
    const codec::JsonError& error = document.error();
    decline({ProblemCode::invalid,
             "the body is no JSON document: line " + std::to_string(error.line) + ", column " +
                 std::to_string(error.column) + ": " + error.message});
  }
  if (document.value().as<Raw::Object>() == nullptr)
    decline({ProblemCode::invalid, "the body is a JSON object"});
  Raw body = std::move(document).value();
  make_whole_numbers_whole(body);
  return body;
}

void expect_parameters(const http::Request& request,
                       std::initializer_list<std::string_view> known) {
  std::string names;
  for (const std::string_view name : known)
    names += (names.empty() ? "" : ", ") + std::string{name};
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      decline({ProblemCode::usage,
               names.empty() ? "this takes no parameters" : "known parameters: " + names});
    }
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      decline({ProblemCode::usage, "a parameter is given once"});
    seen.push_back(name);
  }
}

std::optional<std::int64_t> number_parameter(const http::Request& request,
                                             std::string_view name,
                                             std::int64_t min,
                                             std::int64_t max) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc{} || stopped != end || number < min || number > max) {
    decline_field(std::string{name},
                  "is a number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return number;
}

bool flag_parameter(const http::Request& request, std::string_view name) {
  const auto text = request.parameter(name);
  if (!text || *text == "false") return false;
  if (*text != "true" && !text->empty()) decline_field(std::string{name}, "is true or false");
  return true;
}

std::optional<core::Date> date_parameter(const http::Request& request, std::string_view name) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  const auto date = core::parse_date(*text);
  if (!date) decline_field(std::string{name}, "is a day such as 2026-01-31");
  return date;
}

std::optional<core::Timestamp> time_parameter(const http::Request& request, std::string_view name) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  const auto time = core::parse_timestamp(*text);
  if (!time) decline_field(std::string{name}, "is a time such as 2026-01-31T09:30:00Z");
  return time;
}

}  // namespace infra::rest
