#include "infra/codec/curavani.h"

#include "domain/core/match.h"
#include "infra/codec/json.h"

namespace infra::codec {
namespace {

using core::Raw;
using patient::Recorded;

constexpr std::string_view kProducer = "kartei";
constexpr std::string_view kVersion = "1.0";

Raw text(std::string_view value) { return Raw{std::string{value}}; }

Raw id_raw(const patient::PatientId& id) {
  if (const auto number = id.number()) return Raw{*number};
  return Raw{id.text()};
}

// Their parsers know UTC by the absence of a zone.
std::string without_zone(core::Timestamp at) {
  std::string formatted = core::format(at);
  formatted.pop_back();
  return formatted;
}

struct Message {
  std::string_view type;
  Raw::Object payload;  // behind patient_id
};

// The documents and the running code look for the id in different places.
Message deletion(const patient::PatientId& patient) {
  const Raw id = id_raw(patient);
  return {"patient.deleted", {{"id", id}, {"additional_data", Raw{Raw::Object{{"id", id}}}}}};
}

// `patient_data` comes last, for a patient who is on file.
std::optional<Message> message_of(const Recorded& recorded) {
  using Found = std::optional<Message>;
  return core::match(
      recorded.event,
      [](const patient::Created&) -> Found {
        return Message{"patient.created", {}};
      },
      [](const patient::Updated&) -> Found {
        return Message{"patient.updated", {}};
      },
      [&](const patient::StatusChanged&) -> Found {
        for (const patient::KeyChange& change : recorded.changes) {
          if (change.key != patient::Key::status) continue;
          return Message{"patient.status_changed",
                         {{"old_status", patient::to_raw(change.before)},
                          {"new_status", patient::to_raw(change.after)}}};
        }
        return Message{"patient.updated", {}};
      },
      [](const patient::TherapistExcluded& excluded) -> Found {
        return Message{"patient.therapist_excluded",
                       {{"therapist_id", Raw{excluded.therapist.get()}},
                        {"reason", excluded.reason ? Raw{*excluded.reason} : Raw{Raw::Null{}}}}};
      },
      [](const patient::TherapistExclusionRevoked&) -> Found {
        return Message{"patient.updated", {}};
      },
      [](const patient::ContactRecorded&) -> Found {
        return Message{"patient.updated", {}};
      },
      [&](const patient::Deleted&) -> Found { return deletion(recorded.envelope.patient_id); },
      [&](const patient::Erased&) -> Found { return deletion(recorded.envelope.patient_id); },
      [](const patient::Restated&) -> Found { return std::nullopt; });
}

}  // namespace

std::optional<std::string> curavani_message(const Recorded& recorded, const patient::State& after) {
  auto message = message_of(recorded);
  if (!message) return std::nullopt;
  const patient::Envelope& envelope = recorded.envelope;
  const bool ends = message->type == "patient.deleted";
  const patient::OnFile* on_file = after.on_file();
  if (!ends && on_file == nullptr) return std::nullopt;
  Raw::Object payload{{"patient_id", id_raw(envelope.patient_id)}};
  for (auto& member : message->payload) payload.push_back(std::move(member));
  if (on_file != nullptr && message->type != "patient.therapist_excluded") {
    payload.emplace_back("patient_data", patient::to_raw(envelope.patient_id, *on_file));
  }
  const Raw event_id = text(envelope.event_id.get().text());
  const Raw type = text(message->type);
  return write_json(Raw{Raw::Object{{"eventId", event_id},
                                    {"event_id", event_id},
                                    {"eventType", type},
                                    {"event_type", type},
                                    {"version", text(kVersion)},
                                    {"timestamp", Raw{without_zone(envelope.recorded_at)}},
                                    {"producer", text(kProducer)},
                                    {"payload", Raw{std::move(payload)}}}});
}

}  // namespace infra::codec
