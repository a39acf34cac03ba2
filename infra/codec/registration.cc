#include "infra/codec/registration.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/codec/members.h"

namespace infra::codec {
namespace {

using core::Failure;
using core::Raw;
using patient::FieldErrors;
using patient::Key;

constexpr std::size_t kTokenDigits = 64;
constexpr std::size_t kPaymentReferenceLength = 8;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The token as it was given; null counts as none.
std::optional<std::string> read_token(const Raw::Object& document, FieldErrors& errors) {
  const Raw* given = find_given(document, "registration_token");
  if (given == nullptr) return std::nullopt;
  const auto* token = given->as<std::string>();
  if (token != nullptr && token->size() == kTokenDigits &&
      std::all_of(token->begin(), token->end(), is_hex)) {
    return *token;
  }
  errors.emplace("registration_token", "must be 64 hexadecimal digits");
  return std::nullopt;
}

std::string lower_case(std::string hex) {
  std::transform(hex.begin(), hex.end(), hex.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return hex;
}

std::optional<std::string> read_registered_at(const Raw::Object& document, FieldErrors& errors) {
  const Raw* given = find_given(document, "registration_timestamp");
  if (given == nullptr) return std::nullopt;
  if (const auto* text = given->as<std::string>()) return *text;
  errors.emplace("registration_timestamp", "must be a text");
  return std::nullopt;
}

// The patient's data with what the import decides itself in place of what the document says.
Raw with_forced(const Raw::Object& data, const std::optional<std::string>& token) {
  Raw reference = token ? Raw{token->substr(0, kPaymentReferenceLength)} : Raw{Raw::Null{}};
  const Raw::Object forced{
      {std::string{name(Key::vertraege_unterschrieben)}, Raw{true}},
      {std::string{name(Key::zahlung_eingegangen)}, Raw{false}},
      {std::string{name(Key::zahlungsreferenz)}, std::move(reference)},
  };
  Raw::Object result = forced;
  for (const Raw::Member& member : data) {
    if (member.first == name(Key::id) || find(forced, member.first) != nullptr) continue;
    result.push_back(member);
  }
  return Raw{std::move(result)};
}

std::optional<patient::Create> read_patient(const Raw::Object& document,
                                            const std::optional<std::string>& token,
                                            FieldErrors& errors) {
  const Raw* given = find_given(document, "patient_data");
  const auto* data = given != nullptr ? given->as<Raw::Object>() : nullptr;
  if (data == nullptr) {
    errors.emplace("patient_data", given == nullptr ? "is required" : "must be an object");
    return std::nullopt;
  }
  auto request = patient::parse_create(with_forced(*data, token));
  if (request) return std::move(request).value().command;
  errors.insert(request.error().begin(), request.error().end());
  return std::nullopt;
}

}  // namespace

core::Result<patient::Create, FieldErrors> parse_registration(const Raw& document) {
  const auto* object = document.as<Raw::Object>();
  if (object == nullptr) return Failure{FieldErrors{{"document", "must be a JSON object"}}};
  FieldErrors errors;
  const auto token = read_token(*object, errors);
  auto registered_at = read_registered_at(*object, errors);
  auto create = read_patient(*object, token, errors);
  if (!errors.empty()) return Failure{std::move(errors)};

  patient::Registration registration;
  if (token) registration.identity.token = lower_case(*token);
  registration.identity.digest = sha256_hex(canonical_json(document));
  if (const Raw* consent = find_given(*object, "consent_metadata"))
    registration.consent = write_json(*consent);
  registration.registered_at = std::move(registered_at);
  create->registration = std::move(registration);
  return std::move(*create);
}

}  // namespace infra::codec
