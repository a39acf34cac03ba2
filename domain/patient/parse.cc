#include "domain/patient/parse.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "domain/core/text.h"

namespace patient {
namespace {

using core::Failure;
using core::Raw;

constexpr std::string_view kBadId =
    "must be 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit; digits "
    "alone are a number from 1 to 9007199254740991 without leading zero";

// What the keys of a document come to, whoever asked for what.
struct Reading {
  Patch fields;
  std::optional<Status> status;
  std::optional<TherapistIds> excluded;
  FieldErrors errors;
};

void read_key(const KeyInfo& key, const Raw& raw, Reading& reading) {
  if (key.access == Access::derived) return;
  auto parsed = parse(key.key, raw);
  if (!parsed) {
    reading.errors.emplace(key.name, parsed.error());
  } else if (key.kind == Kind::status) {
    reading.status = std::get<Status>(parsed.value());
  } else if (key.kind == Kind::therapists) {
    reading.excluded = std::get<TherapistIds>(parsed.value());
  } else {
    reading.fields.emplace_back(key.key, std::move(parsed).value());
  }
}

// An unknown key is named, unless the name itself could be anything: then it is only counted.
std::string printable(const std::string& name) {
  const bool plain = name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
                     });
  return plain && !name.empty() ? name : "(unprintable key)";
}

Reading read(const Raw::Object& document) {
  Reading reading;
  std::array<const Raw*, kKeyCount> given{};
  for (const auto& [key_name, raw] : document) {
    const auto key = find_key(key_name);
    if (!key) {
      reading.errors.emplace(printable(key_name), "is no key of a patient");
      continue;
    }
    given[static_cast<std::size_t>(*key) - 1] = &raw;
  }
  for (const KeyInfo& key : all_keys()) {
    const Raw* raw = given[static_cast<std::size_t>(key.key) - 1];
    if (raw != nullptr) read_key(key, *raw, reading);
  }
  return reading;
}

void demand_required(Reading& reading) {
  for (const KeyInfo& key : all_keys()) {
    if (key.access != Access::required || reading.errors.contains(std::string{key.name})) continue;
    const bool present = std::any_of(reading.fields.begin(),
                                     reading.fields.end(),
                                     [&](const auto& field) { return field.first == key.key; });
    if (!present) reading.errors.emplace(key.name, "is required");
  }
}

const Raw* find_id(const Raw::Object& document) {
  for (const auto& [key_name, raw] : document) {
    if (key_name == name(Key::id)) return &raw;
  }
  return nullptr;
}

FieldErrors not_an_object() { return {{"document", "must be a JSON object"}}; }

// The texts of a small document that has no other members than `known`.
class Texts {
 public:
  Texts(const Raw& document, std::initializer_list<std::string_view> known) {
    const auto* object = document.as<Raw::Object>();
    if (object == nullptr) {
      errors = not_an_object();
      return;
    }
    for (const auto& [name, raw] : *object) {
      if (std::find(known.begin(), known.end(), name) == known.end())
        errors.emplace(printable(name), "is unknown here");
      else if (const auto* text = raw.as<std::string>())
        texts_.emplace(name, *text);
      else if (!raw.is_null())
        errors.emplace(name, "must be a text");
    }
  }
  [[nodiscard]] const std::string* find(const std::string& name) const {
    const auto text = texts_.find(name);
    return text == texts_.end() ? nullptr : &text->second;
  }

  FieldErrors errors;

 private:
  std::map<std::string, std::string> texts_;
};

}  // namespace

std::optional<PatientId> parse_id(const Raw& raw) {
  if (const auto* text = raw.as<std::string>()) return PatientId::parse(*text);
  if (const auto* number = raw.as<std::int64_t>()) {
    if (*number >= 1 && *number <= kNumberMax) return PatientId::numbered(*number);
  }
  return std::nullopt;
}

std::optional<TherapistId> parse_therapist(std::string_view digits) {
  const auto id = PatientId::parse(digits);  // The same canonical numbers.
  const auto number = id ? id->number() : std::nullopt;
  if (!number) return std::nullopt;
  return TherapistId{*number};
}

core::Result<ChangeStatus, FieldErrors> parse_status_change(const Raw& document) {
  Texts texts{document, {"status"}};
  const std::string* text = texts.find("status");
  const auto status = text == nullptr ? std::nullopt : parse_status(*text);
  if (!status) texts.errors.emplace("status", "must be one of " + known_statuses());
  if (!texts.errors.empty()) return Failure{std::move(texts.errors)};
  return ChangeStatus{*status};
}

core::Result<ExcludeTherapist, FieldErrors> parse_exclusion(TherapistId therapist,
                                                            const Raw& document) {
  Texts texts{document, {"reason"}};
  if (!texts.errors.empty()) return Failure{std::move(texts.errors)};
  ExcludeTherapist command{therapist, std::nullopt};
  if (const std::string* reason = texts.find("reason")) command.reason = *reason;
  return command;
}

core::Result<NotedContact, FieldErrors> parse_contact(const Raw& document) {
  Texts texts{document, {"at", "channel", "source"}};
  NotedContact contact;
  const std::string* at = texts.find("at");
  const auto time = at == nullptr ? std::nullopt : core::parse_timestamp(*at);
  if (!time) texts.errors.emplace("at", "is a time such as 2026-01-31T09:30:00Z");
  if (const std::string* name = texts.find("channel")) {
    const auto channel = parse_channel(*name);
    if (!channel) texts.errors.emplace("channel", "is one of email, phone, other");
    contact.channel = channel.value_or(Channel::other);
  }
  if (const std::string* source = texts.find("source")) {
    if (!core::is_one_line(*source, kSourceCharactersMax))
      texts.errors.emplace("source", "is 1 to 200 characters without control characters");
    contact.source = *source;
  }
  if (!texts.errors.empty()) return Failure{std::move(texts.errors)};
  contact.at = *time;
  return contact;
}

core::Result<CreateRequest, FieldErrors> parse_create(const Raw& document) {
  const auto* object = document.as<Raw::Object>();
  if (object == nullptr) return Failure{not_an_object()};
  Reading reading = read(*object);
  demand_required(reading);
  CreateRequest request;
  if (const Raw* id = find_id(*object); id != nullptr && !id->is_null()) {
    request.id = parse_id(*id);
    if (!request.id) reading.errors.emplace(name(Key::id), kBadId);
  }
  if (!reading.errors.empty()) return Failure{std::move(reading.errors)};
  request.command.fields = std::move(reading.fields);
  request.command.status = reading.status;
  request.command.excluded = reading.excluded.value_or(TherapistIds{});
  return request;
}

core::Result<Update, FieldErrors> parse_update(const PatientId& addressed, const Raw& document) {
  const auto* object = document.as<Raw::Object>();
  if (object == nullptr) return Failure{not_an_object()};
  Reading reading = read(*object);
  if (const Raw* id = find_id(*object); id != nullptr && parse_id(*id) != addressed) {
    reading.errors.emplace(name(Key::id), "is not the id of the patient that is addressed");
  }
  if (!reading.errors.empty()) return Failure{std::move(reading.errors)};
  return Update{std::move(reading.fields), reading.status, std::move(reading.excluded)};
}

}  // namespace patient
