#include "infra/codec/command_coding.h"

#include <algorithm>
#include <utility>

#include "domain/core/match.h"
#include "domain/core/text.h"
#include "domain/patient/parse.h"
#include "infra/codec/digest.h"
#include "infra/codec/happening_coding.h"
#include "proto/commands.pb.h"

namespace infra::codec {
namespace {

namespace asked = kartei::commands::v1;
using core::Raw;
using patient::Key;
using Wire = asked::Command;

constexpr int kValues = asked::Create::kValuesFieldNumber;
static_assert(kValues == int{asked::Update::kValuesFieldNumber});

void write_value(Key key, const patient::Value& value, WireWriter& out) {
  out.message(kValues, [&] {
    write(value, out);
    out.number(wire::Value::kKeyFieldNumber, static_cast<std::int64_t>(key));
  });
}

void write_values(const patient::Patch& fields,
                  const std::optional<patient::Status>& status,
                  const patient::TherapistIds* excluded,
                  WireWriter& out) {
  for (const auto& [key, value] : fields) write_value(key, value, out);
  if (status) write_value(Key::status, *status, out);
  if (excluded != nullptr) write_value(Key::ausgeschlossene_therapeuten, *excluded, out);
}

// As a client would have said it.
void read_value_into(Raw::Object& document, WireReader in) {
  const KeyedValue read = read_value(in);
  const Key key = read_key(read.key, in.verdict());
  const auto says = [&](const auto& member) { return member.first == name(key); };
  const bool sound = key != Key::id && std::none_of(document.begin(), document.end(), says);
  if (in.verdict().demand(sound, "a key is where it must not be"))
    document.emplace_back(name(key), patient::to_raw(read.value));
}

bool is_sha256(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  return text.size() == kDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<patient::Command> read_create(WireReader in) {
  Raw::Object document;
  std::optional<patient::Registration> registration;
  while (in.next()) {
    if (in.field() == kValues) read_value_into(document, in.message());
    if (in.field() == asked::Create::kRegisteredFieldNumber)
      registration = read_registration(in.message());
  }
  Verdict& verdict = in.verdict();
  if (registration) {
    const auto& [token, digest] = registration->identity;
    verdict.demand(is_sha256(digest) && (!token || is_sha256(*token)),
                   "a registration's identity is none");
  }
  auto request = patient::parse_create(Raw{std::move(document)});
  if (!verdict.demand(request.has_value(), "a creation breaks a rule")) return std::nullopt;
  patient::Create create = std::move(request).value().command;
  create.registration = std::move(registration);
  return create;
}

std::optional<patient::Command> read_update(const std::optional<patient::PatientId>& patient,
                                            WireReader in) {
  Raw::Object document;
  while (in.next()) {
    if (in.field() == kValues) read_value_into(document, in.message());
  }
  if (!in.verdict().demand(patient.has_value(), "an update is of nobody")) return std::nullopt;
  auto update = patient::parse_update(*patient, Raw{std::move(document)});
  if (!in.verdict().demand(update.has_value(), "an update breaks a rule")) return std::nullopt;
  return std::move(update).value();
}

std::optional<patient::Command> read_change_status(const WireReader& in) {
  const auto status = patient::parse_status(in.bytes());
  if (!in.verdict().demand(status.has_value(), "a status is unknown")) return std::nullopt;
  return patient::ChangeStatus{*status};
}

patient::Command read_exclude(WireReader in) {
  std::int64_t therapist = 0;
  std::optional<std::string> reason;
  while (in.next()) {
    if (in.field() == asked::ExcludeTherapist::kTherapistFieldNumber) therapist = in.number();
    if (in.field() == asked::ExcludeTherapist::kReasonFieldNumber) reason = in.text();
  }
  in.verdict().demand(!reason || core::count_characters(*reason), "a reason has a NUL");
  return patient::ExcludeTherapist{read_therapist(therapist, in.verdict()), std::move(reason)};
}

patient::Command read_record_contact(WireReader in) {
  patient::RecordContact command{};
  bool said = false;
  while (in.next()) {
    if (in.field() == asked::RecordContact::kContactFieldNumber) {
      command.contact = read_contact(in.message());
      said = true;
    }
    if (in.field() == asked::RecordContact::kByIngestFieldNumber)
      command.reporter = in.flag() ? patient::Reporter::ingest : patient::Reporter::clerk;
  }
  const patient::ContactSource& source = command.contact.source;
  const bool sound = said && core::is_one_line(source.text, patient::kSourceCharactersMax) &&
                     source == contact_source(source.text);
  in.verdict().demand(sound, "a contact has no source");
  return command;
}

}  // namespace

void write(const patient::Command& command, WireWriter& out) {
  core::match(
      command,
      [&](const patient::Create& create) {
        out.message(Wire::kCreateFieldNumber, [&] {
          write_values(create.fields, create.status, &create.excluded, out);
          if (create.registration)
            out.message(asked::Create::kRegisteredFieldNumber,
                        [&] { write(*create.registration, out); });
        });
      },
      [&](const patient::Update& update) {
        const patient::TherapistIds* excluded = update.excluded ? &*update.excluded : nullptr;
        out.message(Wire::kUpdateFieldNumber,
                    [&] { write_values(update.fields, update.status, excluded, out); });
      },
      [&](const patient::ChangeStatus& change) {
        out.set_bytes(Wire::kChangeStatusFieldNumber, name(change.status));
      },
      [&](const patient::ExcludeTherapist& exclude) {
        out.message(Wire::kExcludeTherapistFieldNumber, [&] {
          out.number(asked::ExcludeTherapist::kTherapistFieldNumber, exclude.therapist.get());
          if (exclude.reason)
            out.set_bytes(asked::ExcludeTherapist::kReasonFieldNumber, utf8(*exclude.reason));
        });
      },
      [&](const patient::IncludeTherapist& include) {
        out.set_number(Wire::kIncludeTherapistFieldNumber, include.therapist.get());
      },
      [&](const patient::RecordContact& record) {
        out.message(Wire::kRecordContactFieldNumber, [&] {
          out.message(asked::RecordContact::kContactFieldNumber,
                      [&] { write(record.contact, out); });
          const bool by_ingest = record.reporter == patient::Reporter::ingest;
          out.number(asked::RecordContact::kByIngestFieldNumber, by_ingest ? 1 : 0);
        });
      },
      [&](const patient::Delete&) { out.set_number(Wire::kDeleteFieldNumber, 1); },
      [&](const patient::Restate&) { out.set_number(Wire::kRestateFieldNumber, 1); });
}

std::optional<patient::Command> read_command(const std::optional<patient::PatientId>& patient,
                                             WireReader in) {
  std::optional<patient::Command> command;
  while (in.next()) {
    switch (in.field()) {
      case Wire::kCreateFieldNumber: command = read_create(in.message()); break;
      case Wire::kUpdateFieldNumber: command = read_update(patient, in.message()); break;
      case Wire::kChangeStatusFieldNumber: command = read_change_status(in); break;
      case Wire::kExcludeTherapistFieldNumber: command = read_exclude(in.message()); break;
      case Wire::kIncludeTherapistFieldNumber:
        command = patient::IncludeTherapist{read_therapist(in.number(), in.verdict())};
        break;
      case Wire::kRecordContactFieldNumber: command = read_record_contact(in.message()); break;
      case Wire::kDeleteFieldNumber: command = patient::Delete{}; break;
      case Wire::kRestateFieldNumber: command = patient::Restate{}; break;
      default: break;
    }
  }
  in.verdict().demand(command.has_value(), "a command is missing or of a future kind");
  return command;
}

}  // namespace infra::codec
