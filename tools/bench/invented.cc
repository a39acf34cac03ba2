#include "tools/bench/invented.h"

#include <array>

#include "domain/core/expects.h"
#include "infra/codec/digest.h"
#include "infra/codec/json.h"
#include "infra/codec/registration.h"

namespace bench {
namespace {

using infra::codec::sha256_hex;
using patient::Key;

constexpr std::array<const char*, 12> kFirst{"Anke",
                                             "Börje",
                                             "Cilli",
                                             "Dörte",
                                             "Elif",
                                             "Fjodor",
                                             "Grete",
                                             "Hüsna",
                                             "Ilse",
                                             "Jörn",
                                             "Käthe",
                                             "Ludger"};
constexpr std::array<const char*, 12> kBegin{"Sommer",
                                             "Winter",
                                             "Weiß",
                                             "Grün",
                                             "Oster",
                                             "Löwen",
                                             "Hasel",
                                             "Birken",
                                             "Mühl",
                                             "Stein",
                                             "Brom",
                                             "Kiesel"};
constexpr std::array<const char*, 10> kEnd{
    "feld", "bach", "mann", "hoff", "meyer", "berg", "tal", "stätter", "kamp", "rieder"};
constexpr std::array<const char*, 4> kSymptoms{
    "Schlafstörungen", "Innere Leere", "Mobbing", "Sorgen / Grübeln"};

std::string quoted(const std::string& text) { return '"' + text + '"'; }

}  // namespace

std::string Invented::registration(std::int64_t number) {
  const bool woman = below(2) == 0;
  const std::string first = kFirst[below(kFirst.size())];
  const std::string last = std::string{kBegin[below(kBegin.size())]} + kEnd[below(kEnd.size())];
  const std::string digits = std::to_string(number);
  const std::string day = std::to_string(10 + below(18));
  return R"({"patient_data":{"anrede":)" + quoted(woman ? "Frau" : "Herr") + R"(,"geschlecht":)" +
         quoted(woman ? "weiblich" : "männlich") + R"(,"vorname":)" + quoted(first) +
         R"(,"nachname":)" + quoted(last) + R"(,"geburtsdatum":"19)" +
         std::to_string(50 + below(50)) + "-0" + std::to_string(1 + below(9)) + '-' + day +
         R"(","strasse":"Musterstraße )" + std::to_string(1 + below(200)) + R"(","plz":")" +
         std::to_string(10'000 + below(90'000)) + R"(","ort":"Musterstadt","email":"p)" + digits +
         R"(@example.org","telefon":"0151 )" + digits +
         R"(","hausarzt":"Dr. med. Beispiel",)"
         R"("krankenkasse":"Musterkasse Nord","symptome":["Stress / Überforderung",)" +
         quoted(kSymptoms[below(kSymptoms.size())]) +
         R"(],"erfahrung_mit_psychotherapie":true,"verkehrsmittel":"ÖPNV",)"
         R"("bevorzugtes_therapieverfahren":"Verhaltenstherapie",)"
         R"("raeumliche_verfuegbarkeit":{"max_km":25},"offen_fuer_gruppentherapie":false,)"
         R"("zeitliche_verfuegbarkeit":{"montag":["09:00-12:00"],"donnerstag":["15:00-18:30"]}},)"
         R"("registration_token":)" +
         quoted(sha256_hex("token " + digits)) +
         R"(,"consent_metadata":{"ip_address":"203.0.113.1","user_agent":"Probe/2.4",)"
         R"("timestamp_utc":"2025-11-03T09:12:44Z","session_duration_seconds":337,)"
         R"("contract_version":"2025-09","consents":{"nutzungsbedingungen_read":true,)"
         R"("datenschutz_read":true,"vermittlungsvertrag_read":true},"signature_name":)" +
         quoted(first + ' ' + last) + R"(},"registration_timestamp":"2025-11-03 09:12:44"})";
}

core::Uuid Invented::uuid() {
  core::Uuid uuid;
  for (std::uint8_t& byte : uuid.bytes) byte = static_cast<std::uint8_t>(random_());
  return uuid;
}

handling::Submission Invented::submission(std::optional<patient::PatientId> id,
                                          patient::Command command) {
  const patient::Digest digest = infra::codec::command_digest(id, command);
  return {patient::CommandId{uuid()},
          digest,
          std::move(id),
          std::move(command),
          handling::ExpectAny{},
          "bench",
          patient::CorrelationId{uuid()}};
}

handling::Submission Invented::creation(std::int64_t number) {
  const auto document = infra::codec::read_json(registration(number));
  core::expects(document.has_value(), "an invented registration is JSON");
  auto create = infra::codec::parse_registration(document.value());
  core::expects(create.has_value(), "an invented registration is a valid one");
  return submission(std::nullopt, std::move(create).value());
}

patient::Command Invented::change(std::int64_t serial) {
  patient::Update update;
  if (below(4) == 0) {
    update.fields.emplace_back(Key::zahlung_eingegangen, true);
  } else {
    update.fields.emplace_back(Key::strasse, "Musterweg " + std::to_string(serial));
    update.fields.emplace_back(Key::telefon, "0160 " + std::to_string(serial));
  }
  return update;
}

handling::Submission Invented::happening(std::int64_t patient,
                                         std::int64_t serial,
                                         core::Timestamp at) {
  const auto id = patient::PatientId::numbered(patient);
  const std::uint64_t kind = below(100);
  if (kind < 60) {
    patient::Contact contact;
    contact.at = at;
    contact.channel = kind < 40 ? patient::Channel::email : patient::Channel::phone;
    contact.direction = patient::Direction::outgoing;
    contact.therapist = patient::TherapistId{static_cast<std::int64_t>(1 + below(3000))};
    contact.source = infra::codec::contact_source("mail-" + std::to_string(serial));
    return submission(id, patient::RecordContact{std::move(contact), patient::Reporter::ingest});
  }
  if (kind < 85) return submission(id, change(serial));
  if (kind < 95) {
    return submission(id, patient::ChangeStatus{static_cast<patient::Status>(below(6))});
  }
  return submission(
      id,
      patient::ExcludeTherapist{patient::TherapistId{static_cast<std::int64_t>(1 + below(3000))},
                                "Anfahrt zu weit"});
}

}  // namespace bench
